package io.flashlloyd.io.source;

import io.flashlloyd.io.VectorInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;

/** The few lines of text that Git LFS leaves in a file's place until the file is fetched. */
public final class LfsPointer {
  private static final String START = "version https://git-lfs.github.com/spec/";

  /** Longer ones are no pointers, says their specification. */
  private static final int MOST_BYTES = 1024;

  private LfsPointer() {}

  /** Refuses a file that is only a pointer; longer files are not looked at. */
  public static void refuse(SourceFile file, Configuration hadoop) throws IOException {
    if (file.length() < START.length() || file.length() >= MOST_BYTES) {
      return;
    }
    byte[] start = file.head(START.length(), hadoop);
    if (new String(start, StandardCharsets.ISO_8859_1).equals(START)) {
      throw VectorInputException.inFile(
          file.uri(),
          "is a Git LFS pointer of %d bytes (expected the file itself); fetch it with git lfs pull"
              .formatted(file.length()));
    }
  }
}
