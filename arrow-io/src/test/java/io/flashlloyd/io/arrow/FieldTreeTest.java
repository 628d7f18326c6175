package io.flashlloyd.io.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

/** Schemas whose offsets lie. */
class FieldTreeTest {
  @Test
  void shouldEndWhateverAnOffsetSays() throws Exception {
    byte[] whole = schema();
    int refused = 0;
    int accepted = 0;
    // Every word as an offset to every other: fields in themselves are among them.
    for (int at = 0; at < whole.length; at += Integer.BYTES) {
      for (int to = 0; to < whole.length; to += Integer.BYTES) {
        ByteBuffer damaged = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        damaged.putInt(at, to - at);
        try {
          ArrowFile.schema("x", org.apache.arrow.flatbuf.Schema.getRootAsSchema(damaged));
          accepted++;
        } catch (java.io.IOException | RuntimeException e) { // and no error
          refused++;
        }
      }
    }
    assertThat(refused).isPositive();
    assertThat(accepted).isPositive();
  }

  private static byte[] schema() {
    FieldType number = FieldType.nullable(new ArrowType.Int(64, true));
    Field leaf = new Field("leaf", number, null);
    Field inner =
        new Field("inner", FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(leaf, leaf));
    Field outer =
        new Field("outer", FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(inner, leaf));
    FlatBufferBuilder builder = new FlatBufferBuilder();
    builder.finish(new Schema(List.of(outer, leaf)).getSchema(builder));
    return builder.sizedByteArray();
  }
}
