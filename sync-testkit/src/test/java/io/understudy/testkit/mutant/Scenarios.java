package io.understudy.testkit.mutant;

import io.understudy.testkit.SimFailure;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;

/** Interleavings written out, as the protocol tells them. Loaded anew with each mutant. */
public final class Scenarios {
  private static final List<Class<?>> TYPES =
      List.of(
          StreamScenarios.class,
          RefusalScenarios.class,
          MemberScenarios.class,
          GenerationScenarios.class,
          TermScenarios.class,
          RightScenarios.class,
          EndScenarios.class,
          BulkScenarios.class,
          HelloScenarios.class,
          RefusedScenarios.class);

  private Scenarios() {}

  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Class<?> type : TYPES) {
      for (var method : type.getDeclaredMethods()) {
        if (java.lang.reflect.Modifier.isPublic(method.getModifiers())) {
          names.add(method.getName());
        }
      }
    }
    names.sort(null);
    return names;
  }

  /** Runs one. Answers its failure, or nothing. */
  public static String run(String name) {
    for (Class<?> type : TYPES) {
      try {
        type.getMethod(name).invoke(null);
        return "";
      } catch (NoSuchMethodException e) {
        // of another class
      } catch (InvocationTargetException e) {
        return failure(e.getCause());
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new IllegalArgumentException("no such scenario: " + name);
  }

  /** Code that does not link shows nothing about a rule. */
  private static String failure(Throwable e) {
    if (e instanceof LinkageError link) {
      throw link;
    }
    return e instanceof SimFailure ? e.getMessage() : e.toString();
  }
}
