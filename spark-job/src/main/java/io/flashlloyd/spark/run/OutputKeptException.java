package io.flashlloyd.spark.run;

import java.io.IOException;

/**
 * A finished output that cannot be put in its place. It is not removed: the message says where it
 * is, and how to have it.
 */
public final class OutputKeptException extends IOException {
  private static final long serialVersionUID = 1L;

  OutputKeptException(String message, Throwable cause) {
    super(message, cause);
  }
}
