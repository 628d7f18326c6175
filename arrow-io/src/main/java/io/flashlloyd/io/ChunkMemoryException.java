package io.flashlloyd.io;

/** A chunk that does not fit the off-heap memory it was given; the message names the setting. */
public final class ChunkMemoryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChunkMemoryException(String message, Throwable cause) {
    super(message, cause);
  }
}
