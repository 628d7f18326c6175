package io.flashlloyd.io.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;

/** A file of any Hadoop file system for libraries that read channels. One thread. */
public final class HadoopChannel implements SeekableByteChannel {
  private final FSDataInputStream in;
  private final long length;
  private long position;
  private boolean open = true;

  public HadoopChannel(String uri, long length, Configuration hadoop) throws IOException {
    this.in = SourceFile.open(uri, hadoop);
    this.length = length;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (position >= length) {
      return -1;
    }
    int count = (int) Math.min(target.remaining(), length - position);
    byte[] bytes = new byte[count];
    in.readFully(position, bytes);
    target.put(bytes);
    position += count;
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
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
