package io.understudy.testkit.mutant;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;

/**
 * Loads library, testkit and scenarios anew, one class with an {@link Edit}; the wire's generated classes and everything
 * foreign come from the parent.
 */
final class MutantLoader extends ClassLoader {
  private static final String OWN = "io.understudy.";
  private static final String SHARED = "io.understudy.proto.";

  private final Edit edit;

  /** With this edit. */
  MutantLoader(Edit edit) {
    super("mutant", MutantLoader.class.getClassLoader());
    this.edit = edit;
    setDefaultAssertionStatus(true);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OWN) || name.startsWith(SHARED)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      byte[] used = name.equals(edit.type()) ? ClassEditor.edit(bytes, edit) : bytes;
      return defineClass(name, used, 0, used.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /**
   * Runs what shows the mutant. Answers the failure, or nothing; an edit that does not link or verify shows nothing and is thrown.
   */
  String run(Proof proof) {
    return Proof.isSeed(proof.shownBy())
        ? simulate(Proof.seed(proof.shownBy()))
        : scenario(proof.shownBy());
  }

  /** Runs a seed of the general simulation. Answers its failure, or nothing. */
  String simulate(long seed) {
    return simulate(seed, 1);
  }

  /** The same with less looking. */
  String simulate(long seed, int walkEvery) {
    Class<?>[] parameters = {long.class, int.class};
    Object report = call("io.understudy.testkit.SimRun", "of", parameters, seed, walkEvery);
    try {
      return (String) report.getClass().getMethod("failure").invoke(report);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs a scenario. Answers its failure, or nothing. */
  String scenario(String name) {
    return (String)
        call("io.understudy.testkit.mutant.Scenarios", "run", new Class<?>[] {String.class}, name);
  }

  private Object call(String type, String method, Class<?>[] parameters, Object... arguments) {
    try {
      Class.forName(edit.type(), true, this); // verified before anything runs
      Class<?> loaded = Class.forName(type, true, this);
      return loaded.getMethod(method, parameters).invoke(null, arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(edit + " breaks the run itself", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    } catch (LinkageError e) {
      throw new IllegalStateException(edit + " is no class that can be loaded", e);
    }
  }
}
