package io.flashlloyd.io.output;

import java.io.IOException;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/** A Parquet writer for rows of any type that can put themselves into a RecordConsumer. */
public final class ParquetSink {
  private ParquetSink() {}

  /**
   * Opens a Snappy-compressed file.
   *
   * @param emit writes the fields of one row, in the schema's order
   */
  public static <T> ParquetWriter<T> open(
      Path path, MessageType schema, BiConsumer<T, RecordConsumer> emit, Configuration hadoop)
      throws IOException {
    return builder(path, schema, emit, hadoop).build();
  }

  /** The same, to be adjusted first. */
  public static <T> ParquetWriter.Builder<T, ?> builder(
      Path path, MessageType schema, BiConsumer<T, RecordConsumer> emit, Configuration hadoop)
      throws IOException {
    return new Builder<T>(HadoopOutputFile.fromPath(path, hadoop), schema, emit)
        .withConf(hadoop)
        .withWriteMode(ParquetFileWriter.Mode.CREATE)
        .withCompressionCodec(CompressionCodecName.SNAPPY);
  }

  private static final class Builder<T> extends ParquetWriter.Builder<T, Builder<T>> {
    private final MessageType schema;
    private final BiConsumer<T, RecordConsumer> emit;

    Builder(HadoopOutputFile file, MessageType schema, BiConsumer<T, RecordConsumer> emit) {
      super(file);
      this.schema = schema;
      this.emit = emit;
    }

    @Override
    protected Builder<T> self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    protected WriteSupport<T> getWriteSupport(Configuration hadoop) {
      return new Rows<>(schema, emit);
    }

    @Override
    protected WriteSupport<T> getWriteSupport(ParquetConfiguration configuration) {
      return new Rows<>(schema, emit);
    }
  }

  private static final class Rows<T> extends WriteSupport<T> {
    private final MessageType schema;
    private final BiConsumer<T, RecordConsumer> emit;
    private RecordConsumer consumer;

    Rows(MessageType schema, BiConsumer<T, RecordConsumer> emit) {
      this.schema = schema;
      this.emit = emit;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    public WriteContext init(Configuration hadoop) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(schema, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      this.consumer = recordConsumer;
    }

    @Override
    public void write(T row) {
      consumer.startMessage();
      emit.accept(row, consumer);
      consumer.endMessage();
    }
  }
}
