package io.flashlloyd.spark.data;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/**
 * Bytes of a shuffle as they are, without the keys that led them to their reducer; read, they may
 * have their first eight bytes for a key. Spark's own serializers copy them about, and Java's holds
 * what it wrote until its stream ends: all the sums of a task, a second time.
 */
final class PieceSerializer extends Serializer implements Serializable {
  private static final long serialVersionUID = 1L;

  private final boolean keyed;

  /**
   * @param keyed whether pieces begin with a number (int64, big-endian) that is their key
   */
  PieceSerializer(boolean keyed) {
    this.keyed = keyed;
  }

  @Override
  public SerializerInstance newInstance() {
    return new Instance(keyed);
  }

  /** Spark may sort written pieces by their partitions: each stands by itself. */
  @Override
  public boolean supportsRelocationOfSerializedObjects() {
    return true;
  }

  private static UnsupportedOperationException notAsked() {
    return new UnsupportedOperationException("A shuffle of pieces writes and reads streams only");
  }

  private static final class Instance extends SerializerInstance {
    private final boolean keyed;

    Instance(boolean keyed) {
      this.keyed = keyed;
    }

    @Override
    public SerializationStream serializeStream(OutputStream out) {
      return new Out(new DataOutputStream(out));
    }

    @Override
    public DeserializationStream deserializeStream(InputStream in) {
      return new In(new DataInputStream(in), keyed);
    }

    @Override
    public <T> ByteBuffer serialize(T value, ClassTag<T> tag) {
      throw notAsked();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> tag) {
      throw notAsked();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> tag) {
      throw notAsked();
    }
  }

  private static final class Out extends SerializationStream {
    private final DataOutputStream out;

    Out(DataOutputStream out) {
      this.out = out;
    }

    @Override
    public <T> SerializationStream writeKey(T key, ClassTag<T> tag) {
      return this;
    }

    @Override
    public <T> SerializationStream writeObject(T value, ClassTag<T> tag) {
      byte[] bytes = (byte[]) value;
      try {
        out.writeInt(bytes.length);
        out.write(bytes);
        return this;
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }

    @Override
    public void flush() {
      try {
        out.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
  }

  private static final class In extends DeserializationStream {
    private final DataInputStream in;
    private final boolean keyed;

    /** What a sorter that spilled has asked for the key of. */
    private byte[] ahead;

    In(DataInputStream in, boolean keyed) {
      this.in = in;
      this.keyed = keyed;
    }

    private Object key(byte[] piece) {
      return keyed ? ByteBuffer.wrap(piece).getLong() : null;
    }

    @Override
    public scala.collection.Iterator<Tuple2<Object, Object>> asKeyValueIterator() {
      return CollectionConverters.asScala(new Pieces());
    }

    private final class Pieces implements Iterator<Tuple2<Object, Object>> {
      private byte[] next = read();

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public Tuple2<Object, Object> next() {
        Tuple2<Object, Object> pair = new Tuple2<>(key(next), next);
        next = read();
        return pair;
      }
    }

    /** The next piece; null at the end, where the stream is closed. */
    private byte[] read() {
      try {
        int first = in.read();
        if (first < 0) {
          in.close();
          return null;
        }
        int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }

    /** A sorter that spilled asks for keys, too; its spill file says which partition is whose. */
    @Override
    @SuppressWarnings("unchecked")
    public <T> T readKey(ClassTag<T> tag) {
      ahead = read();
      if (ahead == null) {
        throw new UncheckedIOException(new EOFException("A spilled piece is missing"));
      }
      return (T) key(ahead);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T readObject(ClassTag<T> tag) {
      return (T) ahead;
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }
  }
}
