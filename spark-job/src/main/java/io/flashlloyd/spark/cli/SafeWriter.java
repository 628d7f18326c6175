package io.flashlloyd.spark.cli;

import io.flashlloyd.spark.report.PlainText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * What commands print of files, as {@link PlainText} has it: anybody may have written the names,
 * ids and headers in them. The writer beneath stays open.
 */
final class SafeWriter extends Writer {
  private final Writer out;

  private SafeWriter(Writer out) {
    this.out = out;
  }

  /** Flushes at each line's end. */
  static PrintWriter over(Writer out) {
    return new PrintWriter(new SafeWriter(out), true);
  }

  @Override
  public void write(char[] text, int from, int count) throws IOException {
    out.write(PlainText.lines(new String(text, from, count)));
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
