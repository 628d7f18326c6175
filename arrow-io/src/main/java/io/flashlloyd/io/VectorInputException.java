package io.flashlloyd.io;

import java.io.IOException;

/**
 * Input that cannot be clustered as it is. The message names the file, the row and column where
 * there is one (both counted from 0 within the file), what was found, what was expected and what
 * to do.
 */
public final class VectorInputException extends IOException {
  private static final long serialVersionUID = 1L;

  public VectorInputException(String message) {
    super(message);
  }

  public VectorInputException(String message, Throwable cause) {
    super(message, cause);
  }

  /** {@code FILE: problem}. */
  public static VectorInputException inFile(String uri, String problem) {
    return new VectorInputException(uri + ": " + problem);
  }

  /** {@code FILE, row R: problem}. */
  public static VectorInputException inRow(String uri, long row, String problem) {
    return new VectorInputException("%s, row %d: %s".formatted(uri, row, problem));
  }

  /** {@code FILE, row R, column C: problem}. */
  public static VectorInputException inCell(String uri, long row, long column, String problem) {
    return new VectorInputException(
        "%s, row %d, column %d: %s".formatted(uri, row, column, problem));
  }

  /** A row of another length than the first one. */
  public static VectorInputException ragged(String uri, long row, long actual, int expected) {
    return inRow(
        uri,
        row,
        "the vector has %d values (expected %d); all rows must have the same dimension"
            .formatted(actual, expected));
  }

  /** Bytes that the format does not allow; the decoder's own complaint is the cause. */
  public static VectorInputException corrupt(String uri, String format, Exception cause) {
    return new VectorInputException(
        "%s: cannot be decoded as %s (%s); the file is truncated or corrupt, write it again"
            .formatted(uri, format, describe(cause)),
        cause);
  }

  private static String describe(Exception cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
