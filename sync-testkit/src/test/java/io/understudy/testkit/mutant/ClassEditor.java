package io.understudy.testkit.mutant;

import java.lang.reflect.Method;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Makes one {@link Edit} in the bytes of a class. No branch is added or moved, so the verifier's frames stay right. */
final class ClassEditor extends ClassVisitor {
  private static final int API = Opcodes.ASM9;

  private final Edit edit;
  private int edited;
  private String owner;

  private ClassEditor(ClassVisitor next, Edit edit) {
    super(API, next);
    this.edit = edit;
  }

  /** The class with the edit made. */
  static byte[] edit(byte[] original, Edit edit) {
    ClassReader reader = new ClassReader(original);
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    ClassEditor editor = new ClassEditor(writer, edit);
    reader.accept(editor, 0);
    if (editor.edited == 0) {
      throw new IllegalStateException(
          "nothing to edit: " + edit + "; the library has changed, and the mutant must follow it");
    }
    return writer.toByteArray();
  }

  @Override
  public void visit(
      int version, int access, String name, String signature, String parent, String[] interfaces) {
    owner = name;
    super.visit(version, access, name, signature, parent, interfaces);
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String signature, String[] exceptions) {
    MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
    if (!name.equals(edit.method())) {
      return next;
    }
    if (!edit.call().isEmpty()) {
      return new CallEditor(next);
    }
    edited++;
    writeBody(next, (access & Opcodes.ACC_STATIC) != 0, Type.getMethodType(descriptor));
    return null; // what was there is not visited
  }

  private void writeBody(MethodVisitor out, boolean isStatic, Type type) {
    out.visitCode();
    if (edit.answer() instanceof Edit.Redirect redirect) {
      int local = 0;
      if (!isStatic) {
        out.visitVarInsn(Opcodes.ALOAD, local++);
      }
      for (Type argument : type.getArgumentTypes()) {
        out.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
        local += argument.getSize();
      }
      writeRedirect(out, redirect, type.getReturnType());
    } else {
      writeConstant(out, type.getReturnType());
    }
    out.visitInsn(type.getReturnType().getOpcode(Opcodes.IRETURN));
    out.visitMaxs(0, 0);
    out.visitEnd();
  }

  private static void writeRedirect(MethodVisitor out, Edit.Redirect redirect, Type answer) {
    for (Method method : redirect.type().getDeclaredMethods()) {
      if (method.getName().equals(redirect.method())) {
        String descriptor = Type.getMethodDescriptor(method);
        String owner = Type.getInternalName(redirect.type());
        out.visitMethodInsn(Opcodes.INVOKESTATIC, owner, method.getName(), descriptor, false);
        if (answer.getSort() == Type.OBJECT) {
          out.visitTypeInsn(Opcodes.CHECKCAST, answer.getInternalName());
        }
        return;
      }
    }
    throw new IllegalStateException("no such method: " + redirect);
  }

  private void writeConstant(MethodVisitor out, Type type) {
    switch (type.getSort()) {
      case Type.VOID -> {}
      case Type.LONG ->
          out.visitLdcInsn(edit.answer() == null ? 0L : ((Number) edit.answer()).longValue());
      case Type.OBJECT, Type.ARRAY -> writeReference(out);
      case Type.BOOLEAN ->
          out.visitInsn(Boolean.TRUE.equals(edit.answer()) ? Opcodes.ICONST_1 : Opcodes.ICONST_0);
      default -> out.visitLdcInsn(edit.answer() == null ? 0 : ((Number) edit.answer()).intValue());
    }
  }

  private void writeReference(MethodVisitor out) {
    if (edit.answer() instanceof String text) {
      out.visitLdcInsn(text);
    } else {
      out.visitInsn(Opcodes.ACONST_NULL);
    }
  }

  /** Takes a call's arguments off the stack and puts the answer there instead. */
  private final class CallEditor extends MethodVisitor {
    CallEditor(MethodVisitor next) {
      super(API, next);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String callee, String name, String descriptor, boolean isInterface) {
      if (!isMeant(callee, name)) {
        super.visitMethodInsn(opcode, callee, name, descriptor, isInterface);
        return;
      }
      edited++;
      Type answer = Type.getReturnType(descriptor);
      if (edit.answer() instanceof Edit.Redirect redirect) {
        writeRedirect(mv, redirect, answer);
        return;
      }
      Type[] arguments = Type.getArgumentTypes(descriptor);
      for (int i = arguments.length - 1; i >= 0; i--) {
        mv.visitInsn(arguments[i].getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
      }
      if (opcode != Opcodes.INVOKESTATIC) {
        mv.visitInsn(Opcodes.POP);
      }
      writeConstant(mv, answer);
    }

    private boolean isMeant(String callee, String name) {
      String type = callee.substring(callee.lastIndexOf('/') + 1);
      return name.equals(edit.call()) || (type + "." + name).equals(edit.call());
    }
  }

  @Override
  public String toString() {
    return edit + " in " + owner;
  }
}
