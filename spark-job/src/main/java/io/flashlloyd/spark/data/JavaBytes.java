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
public final class JavaBytes {
  private JavaBytes() {}

  /** Of a serializable value. */
  public static byte[] of(Object value) {
    return written(value).toArray();
  }

  /** What {@link #of} was given. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // callers know what they wrote
  public static <T> T read(byte[] bytes) {
    return (T) serializer().deserialize(ByteBuffer.wrap(bytes), ClassTag$.MODULE$.Any());
  }

  /** The same bytes in pieces, since an array ends at 2 GiB. */
  static byte[][] piecesOf(Object value) {
    return written(value).toArrays();
  }

  private static Pieces written(Object value) {
    Pieces pieces = new Pieces();
    try (SerializationStream out = serializer().serializeStream(pieces)) {
      out.writeObject(value, ClassTag$.MODULE$.Any());
    }
    return pieces;
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
