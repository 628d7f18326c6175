package io.flashlloyd.io.parquet;

import static org.apache.parquet.hadoop.metadata.CompressionCodecName.GZIP;
import static org.apache.parquet.hadoop.metadata.CompressionCodecName.LZ4;
import static org.apache.parquet.hadoop.metadata.CompressionCodecName.LZ4_RAW;
import static org.apache.parquet.hadoop.metadata.CompressionCodecName.SNAPPY;
import static org.apache.parquet.hadoop.metadata.CompressionCodecName.UNCOMPRESSED;
import static org.apache.parquet.hadoop.metadata.CompressionCodecName.ZSTD;

import io.flashlloyd.io.VectorInputException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/** The compression of columns, and which of it is read: what Parquet for Java comes with. */
final class Codecs {
  private static final Set<CompressionCodecName> READ =
      EnumSet.of(UNCOMPRESSED, SNAPPY, GZIP, ZSTD, LZ4_RAW, LZ4);

  private Codecs() {}

  /** Refuses leaves that are compressed with anything else: the file is whole all the same. */
  static void check(
      String uri, String column, ParquetMetadata footer, List<ColumnDescriptor> leaves)
      throws VectorInputException {
    Set<CompressionCodecName> others = of(footer, leaves);
    others.removeAll(READ);
    if (!others.isEmpty()) {
      throw VectorInputException.inFile(
          uri,
          "column '%s' is compressed with %s (expected one of %s, which are read); write it again"
              .formatted(column, label(others), label(READ)));
    }
  }

  /** The codecs of some leaves, in all row groups. */
  static Set<CompressionCodecName> of(ParquetMetadata footer, List<ColumnDescriptor> leaves) {
    return footer.getBlocks().stream()
        .flatMap(group -> leaves.stream().map(leaf -> ParquetShape.chunk(group, leaf).getCodec()))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(CompressionCodecName.class)));
  }

  static String label(Set<CompressionCodecName> codecs) {
    return codecs.stream().map(CompressionCodecName::name).collect(Collectors.joining(", "));
  }
}
