package io.flashlloyd.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Decodes PostgreSQL's binary COPY format as its manual and pgvector's vector_recv define it. */
final class CopyStream {
  private CopyStream() {}

  /** A row: the id's bytes, the cluster, the vector. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Item(byte[] id, int cluster, float[] vector) {}

  static List<Item> decode(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)); // network order
    byte[] signature = new byte[11];
    in.get(signature);
    assertThat(signature)
        .containsExactly("PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(in.getInt()).as("flags").isZero();
    assertThat(in.getInt()).as("length of the extension").isZero();
    List<Item> items = new ArrayList<>();
    for (short fields = in.getShort(); fields != -1; fields = in.getShort()) {
      assertThat(fields).isEqualTo((short) 3);
      byte[] id = new byte[in.getInt()];
      in.get(id);
      assertThat(in.getInt()).as("length of an integer").isEqualTo(4);
      int cluster = in.getInt();
      int length = in.getInt();
      float[] vector = new float[in.getShort()];
      assertThat(in.getShort()).as("unused").isZero();
      assertThat(length).isEqualTo(4 + 4 * vector.length);
      for (int t = 0; t < vector.length; t++) {
        vector[t] = in.getFloat();
      }
      items.add(new Item(id, cluster, vector));
    }
    assertThat(in.hasRemaining()).isFalse();
    return items;
  }
}
