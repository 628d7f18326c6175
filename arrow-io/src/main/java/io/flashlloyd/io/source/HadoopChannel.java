package io.flashlloyd.io.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * A file of any Hadoop file system for libraries that read channels. They take a few bytes at a
 * time, forwards and backwards, which would be a request each; what is around them is read at once.
 * One thread.
 */
public final class HadoopChannel implements SeekableByteChannel {
  private static final int PAGE = 1 << 15;

  private final FSDataInputStream in;
  private final long length;
  private final byte[] page = new byte[PAGE];
  private long pageNumber = -1;
  private long position;
  private boolean open = true;

  public HadoopChannel(String uri, long length, Configuration hadoop) throws IOException {
    this.in = SourceFile.open(uri, hadoop);
    this.length = length;
  }

  /** All that is asked for, up to the end: some callers ask once. */
  @Override
  public int read(ByteBuffer target) throws IOException {
    if (position >= length) {
      return -1;
    }
    int count = (int) Math.min(target.remaining(), length - position);
    if (count >= PAGE) {
      byte[] bytes = new byte[count];
      in.readFully(position, bytes);
      target.put(bytes);
      position += count;
      return count;
    }
    for (int left = count; left > 0; ) {
      int at = turnTo(position / PAGE);
      int some = Math.min(left, PAGE - at);
      target.put(page, at, some);
      position += some;
      left -= some;
    }
    return count;
  }

  /** Where the position is in that page, which is read if it is not the one that is there. */
  private int turnTo(long number) throws IOException {
    if (number != pageNumber) {
      pageNumber = -1; // what fails half way leaves no page
      in.readFully(number * PAGE, page, 0, (int) Math.min(PAGE, length - number * PAGE));
      pageNumber = number;
    }
    return (int) (position % PAGE);
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    if (newPosition < 0) {
      throw new IllegalArgumentException(
          "position %d (expected at least 0)".formatted(newPosition));
    }
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return length;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    in.close();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }
}
