package io.understudy.transport.netty;

import io.netty.channel.ConnectTimeoutException;
import io.understudy.transport.CloseCause;
import io.understudy.transport.DialFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.Locale;
import java.util.Objects;

/** What an exception of the sockets says about the other machine. */
final class Failures {
  // numbers of Linux, as epoll's exceptions have them: their texts may come in another language
  private static final int ENETUNREACH = 101;
  private static final int ETIMEDOUT = 110;
  private static final int ECONNREFUSED = 111;
  private static final int EHOSTUNREACH = 113;

  private Failures() {}

  static DialFailure ofDial(Throwable failure) {
    if (failure instanceof ConnectTimeoutException) {
      return DialFailure.TIMED_OUT;
    }
    if (failure instanceof NoRouteToHostException
        || says(failure, EHOSTUNREACH, "no route to host")
        || says(failure, ENETUNREACH, "unreachable")) {
      return DialFailure.UNREACHABLE;
    }
    if (says(failure, ETIMEDOUT, "timed out")) {
      return DialFailure.TIMED_OUT;
    }
    if (failure instanceof ConnectException && says(failure, ECONNREFUSED, "refused")) {
      return DialFailure.REFUSED;
    }
    return DialFailure.OTHER;
  }

  /** Whether the other machine broke the connection or was not heard. */
  static CloseCause ofClose(Throwable failure) {
    Throwable first = first(failure);
    boolean isSilence =
        ofDial(first) == DialFailure.UNREACHABLE || says(first, ETIMEDOUT, "timed out");
    return isSilence ? CloseCause.TIMED_OUT : CloseCause.BROKEN;
  }

  static String oneLine(Throwable failure) {
    Throwable first = first(failure);
    String message = Objects.requireNonNullElse(first.getMessage(), "");
    return message.isBlank()
        ? first.getClass().getSimpleName()
        : message.lines().findFirst().orElseThrow();
  }

  /** What made it: Netty wraps the cause where a failed write ends the output. */
  private static Throwable first(Throwable failure) {
    return failure.getCause() instanceof IOException cause ? cause : failure;
  }

  private static boolean says(Throwable failure, int number, String text) {
    String message = Objects.requireNonNullElse(failure.getMessage(), "");
    return message.contains("(-" + number + ")") || message.toLowerCase(Locale.ROOT).contains(text);
  }
}
