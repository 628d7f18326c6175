package io.flashlloyd.io.arrow;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * LZ4 frames, linked blocks included, which is what pyarrow writes by default. The libraries at
 * hand either cannot read linked blocks or decode byte by byte. Layout after the LZ4 frame format
 * description, version 1.6:
 *
 * <pre>
 *   magic | FLG BD [content size] HC | (u32 size, data, [checksum]) ... | u32 0 [checksum]
 * </pre>
 *
 * Checksums are skipped: Arrow writers leave them out, and storage has its own.
 */
final class Lz4FrameStream extends InputStream {
  private static final int MAGIC = 0x184D2204;
  private static final int WINDOW = 1 << 16;
  private static final int STORED_BIT = 0x80000000;

  private final InputStream in;
  private final long length;
  private final byte[] word = new byte[Long.BYTES];
  private boolean blockChecksum;
  private boolean contentChecksum;
  private boolean inFrame;
  private byte[] block = new byte[0];

  /** The last 64 KiB before the block, then the block. */
  private byte[] output = new byte[WINDOW];

  private int at = WINDOW;
  private int end = WINDOW;

  /**
   * @param length of the data, decompressed
   */
  Lz4FrameStream(InputStream in, long length) {
    this.in = in;
    this.length = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int count) throws IOException {
    while (at == end) {
      if (!nextBlock()) {
        return -1;
      }
    }
    int taken = Math.min(count, end - at);
    System.arraycopy(output, at, target, offset, taken);
    at += taken;
    return taken;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean nextBlock() throws IOException {
    int size = 0;
    while (size == 0) {
      if (!inFrame && !nextFrame()) {
        return false;
      }
      size = word(Integer.BYTES).getInt(0);
      if (size == 0) {
        if (contentChecksum) {
          word(Integer.BYTES);
        }
        inFrame = false;
      }
    }
    int stored = size & ~STORED_BIT;
    if (stored > block.length) {
      throw new IllegalArgumentException(
          "an LZ4 block has %d bytes (expected at most %d)".formatted(stored, block.length));
    }
    // Matches may reach 64 KiB back, into what the previous block left.
    System.arraycopy(output, end - WINDOW, output, 0, WINDOW);
    at = WINDOW;
    if ((size & STORED_BIT) != 0) {
      readFully(output, WINDOW, stored);
      end = WINDOW + stored;
    } else {
      readFully(block, 0, stored);
      end = Lz4Block.decode(block, stored, output, WINDOW);
    }
    if (blockChecksum) {
      word(Integer.BYTES);
    }
    return true;
  }

  private boolean nextFrame() throws IOException {
    int first = in.read();
    if (first < 0) {
      return false;
    }
    word[0] = (byte) first;
    readFully(word, 1, Integer.BYTES - 1);
    int magic = ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    if (magic != MAGIC) {
      throw new IllegalArgumentException(
          "LZ4 data starts with %08x (expected the frame magic %08x)".formatted(magic, MAGIC));
    }
    ByteBuffer descriptor = word(2);
    int flags = descriptor.get(0);
    int sizeCode = (descriptor.get(1) >>> 4) & 7;
    if ((flags & 0xc0) != 0x40 || (flags & 1) != 0 || sizeCode < 4) {
      throw new IllegalArgumentException(
          "an LZ4 frame has flags %02x and block size code %d (expected version 1, no dictionary)"
              .formatted(flags & 0xff, sizeCode));
    }
    blockChecksum = (flags & 0x10) != 0;
    contentChecksum = (flags & 0x04) != 0;
    if ((flags & 0x08) != 0) {
      word(Long.BYTES);
    }
    word(1);
    int maxBlock = (int) Math.min(1 << (8 + 2 * sizeCode), Math.max(1, length));
    if (block.length != maxBlock) {
      block = new byte[maxBlock];
      output = new byte[WINDOW + maxBlock];
    }
    at = WINDOW;
    end = WINDOW;
    inFrame = true;
    return true;
  }

  private ByteBuffer word(int bytes) throws IOException {
    readFully(word, 0, bytes);
    return ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void readFully(byte[] target, int offset, int count) throws IOException {
    if (in.readNBytes(target, offset, count) < count) {
      throw new EOFException("LZ4 data ends early");
    }
  }
}
