package io.flashlloyd.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.bytestreamsplit.ByteStreamSplitValuesWriter.FloatByteStreamSplitValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.deltalengthbytearray.DeltaLengthByteArrayValuesWriter;
import org.apache.parquet.column.values.deltastrings.DeltaByteArrayWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decoders beside Parquet's own encoders, and lengths that lie. */
class DecodersTest {
  private static final HeapByteBufferAllocator HEAP = HeapByteBufferAllocator.getInstance();
  private static final int SMALL = 64;
  private static final int LARGE = 1 << 20;

  @Test
  void shouldDecodeRunsOfEveryWidth() throws Exception {
    Random random = new Random(1);
    for (int width = 0; width <= 32; width++) {
      for (int count : new int[] {1, 7, 8, 9, 1000}) {
        int[] values = new int[count];
        try (var encoder = new RunLengthBitPackingHybridEncoder(width, SMALL, LARGE, HEAP)) {
          int value = 0;
          for (int i = 0; i < count; i++) {
            // Runs and mixtures of all lengths.
            if (random.nextInt(1 + i % 40) < 4) {
              value = width == 0 ? 0 : random.nextInt() >>> (32 - width);
            }
            values[i] = value;
            encoder.writeInt(value);
          }
          RunLengths decoder =
              new RunLengths(
                  ByteBuffer.wrap(encoder.toBytes().toInputStream().readAllBytes()), width, count);
          for (int i = 0; i < count; i++) {
            assertThat(decoder.next())
                .as("width %d, %d of %d", width, i, count)
                .isEqualTo(values[i]);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 31, 32, 33, 127, 128, 129, 1000})
  void shouldDecodeDeltas(int count) throws Exception {
    Random random = new Random(count);
    for (int bits = 0; bits < 64; bits += 3) {
      try (var longs = new DeltaBinaryPackingValuesWriterForLong(SMALL, LARGE, HEAP);
          var ints = new DeltaBinaryPackingValuesWriterForInteger(SMALL, LARGE, HEAP)) {
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
          values[i] = random.nextLong() >> (63 - bits);
          longs.writeLong(values[i]);
          ints.writeInteger((int) values[i]);
        }
        ByteBuffer packed = page(longs);
        DeltaNumbers decoder = new DeltaNumbers(packed, count);
        DeltaNumbers narrow = new DeltaNumbers(page(ints), count);
        assertThat(decoder.count()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
          assertThat(decoder.next()).as("%d of %d", i, count).isEqualTo(values[i]);
          assertThat((int) narrow.next()).as("int %d of %d", i, count).isEqualTo((int) values[i]);
        }
        if (count > 0) {
          assertThat(packed.remaining()).as("%d bits, %d", bits, count).isZero();
        }
      }
    }
  }

  @Test
  void shouldDecodeStrings() throws Exception {
    Random random = new Random(3);
    for (int count : new int[] {1, 2, 200, 1000}) {
      List<byte[]> strings = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String start = strings.isEmpty() ? "" : text(strings.get(i - 1)).repeat(random.nextInt(2));
        start = start.substring(0, start.isEmpty() ? 0 : random.nextInt(start.length()));
        strings.add((start + random.nextInt(500)).getBytes(StandardCharsets.UTF_8));
      }
      try (var lengths = new DeltaLengthByteArrayValuesWriter(SMALL, LARGE, HEAP);
          var prefixes = new DeltaByteArrayWriter(SMALL, LARGE, HEAP)) {
        strings.forEach(string -> lengths.writeBytes(Binary.fromConstantByteArray(string)));
        strings.forEach(string -> prefixes.writeBytes(Binary.fromConstantByteArray(string)));
        ByteStrings a =
            ByteStrings.of(Encoding.DELTA_LENGTH_BYTE_ARRAY, page(lengths), 0, count, null);
        ByteStrings b = ByteStrings.of(Encoding.DELTA_BYTE_ARRAY, page(prefixes), 0, count, null);
        for (byte[] string : strings) {
          assertThat(text(a.next())).isEqualTo(text(string));
          assertThat(text(b.next())).isEqualTo(text(string));
        }
      }
    }
  }

  @Test
  void shouldDecodeSplitStreams() throws Exception {
    try (var writer = new FloatByteStreamSplitValuesWriter(SMALL, LARGE, HEAP)) {
      for (int i = 0; i < 100; i++) {
        writer.writeFloat(1.5f * i);
      }
      StreamSplitValues values = new StreamSplitValues(page(writer), Float.BYTES);
      ByteBuffer target = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
      values.copy(target, 0, 33);
      values.copy(target, 33 * Float.BYTES, 67);
      for (int i = 0; i < 100; i++) {
        assertThat(target.getFloat(i * Float.BYTES)).isEqualTo(1.5f * i);
      }
      assertThatThrownBy(() -> values.copy(target, 0, 1)).hasMessageContaining("0 values left");
    }
  }

  @Test
  void shouldNotBelieveLengths() {
    // Runs of 2^30 - 1 groups or numbers.
    RunLengths packed = new RunLengths(bytes(0xff, 0xff, 0xff, 0xff, 0x07, 1, 2), 8, 1000);
    assertThatThrownBy(packed::next).hasMessage("a run of 1073741823 x 8 indices in 2 bytes");
    RunLengths run = new RunLengths(bytes(0xfe, 0xff, 0xff, 0xff, 0x07, 1, 2), 8, 1000);
    assertThatThrownBy(run::next).hasMessage("a run of 1073741823 indices in 2 bytes");
    // 128 deltas in 4, and 2^31 - 1 of them.
    ByteBuffer deltas = bytes(0x80, 0x01, 4, 0xff, 0xff, 0xff, 0xff, 0x07, 0);
    assertThatThrownBy(() -> new DeltaNumbers(deltas, 100))
        .hasMessage("a count is 2147483647 (expected at most 100)");
    assertThatThrownBy(() -> ByteStrings.dictionary(bytes(0, 0, 0, 0), 0, 1 << 30))
        .hasMessage("a dictionary of 1073741824 strings in 4 bytes");
    ByteStrings plain =
        ByteStrings.of(Encoding.PLAIN, bytes(0xff, 0xff, 0xff, 0x7f, 1), 0, 1, null);
    assertThatThrownBy(plain::next).hasMessage("a string has 2147483647 of 1 bytes");
    // Field 5, a list of 2^28 - 1 structs.
    assertThatThrownBy(() -> ThriftLengths.skip(bytes(0x59, 0xfc, 0xff, 0xff, 0xff, 0x7f, 0, 0)))
        .isInstanceOf(BufferUnderflowException.class);
    // Field 1, a text of 100 MB.
    assertThatThrownBy(() -> ThriftLengths.skip(bytes(0x18, 0x80, 0xc2, 0xd7, 0x2f, 1, 0)))
        .isInstanceOf(BufferUnderflowException.class);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static ByteBuffer page(ValuesWriter writer) throws Exception {
    return ByteBuffer.wrap(writer.getBytes().toInputStream().readAllBytes())
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer bytes(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      bytes.put((byte) value);
    }
    return bytes.flip();
  }
}
