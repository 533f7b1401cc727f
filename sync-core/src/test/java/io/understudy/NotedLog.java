package io.understudy;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

/**
 * A logger that keeps what is said to it, each line with its level in front.
 *
 * <p>Thread: any.
 */
final class NotedLog {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger =
      (Logger)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {Logger.class},
              (proxy, method, arguments) -> {
                lines.add(method.getName() + " " + text(arguments));
                return null;
              });

  Logger logger() {
    return logger;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** Those of one level, without it. */
  List<String> lines(String level) {
    String prefix = level + " ";
    return lines.stream()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .toList();
  }

  /** The pattern with its arguments, given one by one or, from three on, in an array. */
  private static String text(Object[] arguments) {
    Object[] values = new Object[arguments.length - 1];
    System.arraycopy(arguments, 1, values, 0, values.length);
    if (values.length == 1 && values[0] instanceof Object[] array) {
      values = array;
    }
    return MessageFormatter.basicArrayFormat((String) arguments[0], values);
  }
}
