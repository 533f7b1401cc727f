package io.understudy.testkit.mutant;

/**
 * One change to the code of one class: a method, or each call of one method inside another, answers something else.
 *
 * @param type class below {@code io.understudy}, with its package
 * @param method the method whose code changes; all that have this name
 * @param call empty: the whole body; otherwise the called method, as {@code name} or {@code Type.name}
 * @param answer a constant ({@code null} for a method that answers nothing), or a {@link Redirect}
 */
record Edit(String type, String method, String call, Object answer) {
  /** To a public static method of a test class, which gets receiver and arguments. */
  record Redirect(Class<?> type, String method) {}

  /** The method does nothing but answer this. */
  static Edit answers(String target, Object constant) {
    return of(target, "", constant);
  }

  /** The method does nothing at all. */
  static Edit doesNothing(String target) {
    return of(target, "", null);
  }

  /** Calls of {@code call} in the target are left out and answer this. */
  static Edit callAnswers(String target, String call, Object constant) {
    return of(target, call, constant);
  }

  /** Calls of {@code call} in the target are left out. */
  static Edit skips(String target, String call) {
    return of(target, call, null);
  }

  /** Calls of {@code call} in the target go to a method of {@link Redirects} instead. */
  static Edit callRedirected(String target, String call, String redirect) {
    return of(target, call, new Redirect(Redirects.class, redirect));
  }

  /** The method is replaced by one of {@link Redirects}. */
  static Edit redirected(String target, String redirect) {
    return of(target, "", new Redirect(Redirects.class, redirect));
  }

  private static Edit of(String target, String call, Object answer) {
    int dot = target.lastIndexOf('.');
    return new Edit(
        "io.understudy." + target.substring(0, dot), target.substring(dot + 1), call, answer);
  }

  String shortType() {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /** For the page: what the mutant does. */
  String describe() {
    String where = "`" + shortType() + "." + method + "`";
    String what;
    if (answer instanceof Redirect redirect) {
      what = "`Redirects." + redirect.method() + "`";
      return call.isEmpty() ? where + " is " + what : "in " + where + " `" + call + "` is " + what;
    }
    what = answer == null ? "does nothing" : "answers `" + answer + "`";
    return call.isEmpty() ? where + " " + what : "in " + where + " `" + call + "` " + what;
  }
}
