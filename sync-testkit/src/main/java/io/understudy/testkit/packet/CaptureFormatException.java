package io.understudy.testkit.packet;

import java.io.IOException;

/** A file that is no capture: the message is one line that says what was found and that the file is not read. */
public final class CaptureFormatException extends IOException {
  private static final long serialVersionUID = 1;

  CaptureFormatException(String message) {
    super(message);
  }
}
