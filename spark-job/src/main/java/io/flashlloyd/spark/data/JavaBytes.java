package io.flashlloyd.spark.data;

import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag$;

/**
 * Values as the bytes of Java serialization. Results and broadcasts go through Spark's configured
 * serializer; the Kryo that Spark brings cannot read records, but any serializer can take bytes.
 */
final class JavaBytes {
  private JavaBytes() {}

  static byte[] of(Object value) {
    ByteBuffer buffer = serializer().serialize(value, ClassTag$.MODULE$.Any());
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // callers know what they wrote
  static <T> T read(byte[] bytes) {
    return (T) serializer().deserialize(ByteBuffer.wrap(bytes), ClassTag$.MODULE$.Any());
  }

  /** The same bytes in pieces, since an array ends at 2 GiB. */
  static byte[][] piecesOf(Object value) {
    Pieces pieces = new Pieces();
    try (SerializationStream out = serializer().serializeStream(pieces)) {
      out.writeObject(value, ClassTag$.MODULE$.Any());
    }
    return pieces.toArrays();
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // callers know what they wrote
  static <T> T read(byte[][] pieces) {
    try (DeserializationStream in = serializer().deserializeStream(Pieces.in(pieces))) {
      return (T) in.readObject(ClassTag$.MODULE$.Any());
    }
  }

  /** Spark's own serializer of closures: always Java's, with the class loader of the job's jars. */
  private static SerializerInstance serializer() {
    return SparkEnv.get().closureSerializer().newInstance();
  }
}
