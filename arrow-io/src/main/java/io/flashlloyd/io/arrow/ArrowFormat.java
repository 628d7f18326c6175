package io.flashlloyd.io.arrow;

import io.flashlloyd.io.ColumnInfo;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.WeightReader;
import io.flashlloyd.io.source.ColumnChoice;
import io.flashlloyd.io.source.FileColumn;
import io.flashlloyd.io.source.FileColumns;
import io.flashlloyd.io.source.FileFormat;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.RowSource;
import io.flashlloyd.io.source.SourceFile;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;

/** Arrow IPC files, which Feather version 2 is another name of, and streams. */
public final class ArrowFormat implements FileFormat {
  @Override
  public FileLayout inspect(SourceFile source, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    String uri = source.uri();
    try (FSDataInputStream in = source.open(hadoop)) {
      ArrowFile file = ArrowFile.read(uri, source.length(), in);
      FileColumns<ArrowColumn, ArrowIdColumn> columns =
          ArrowColumns.of(uri, file.schema(), choice.bfloat16());
      FileColumn<ArrowColumn, ArrowIdColumn> picked = columns.vectors(choice.column());
      ArrowColumn column = picked.vectors().orElseThrow();
      IdType idType =
          choice.idColumn() == null ? IdType.ROW_NUMBER : columns.ids(choice.idColumn()).type();
      List<VectorBatch> batches = batches(file, column, in);
      List<FileLayout.Part> parts = new ArrayList<>();
      for (int i = 0; i < batches.size(); i++) {
        long offset = file.stream() ? file.batches().get(i).offset() : 0;
        parts.add(new FileLayout.Part(batches.get(i).rows(), offset));
      }
      return new FileLayout(
          uri,
          VectorFormat.ARROW,
          column.source(),
          parts.stream().mapToLong(FileLayout.Part::rows).sum(),
          dimension(uri, column, batches),
          0,
          0,
          List.copyOf(parts),
          idType,
          columns.names(),
          picked.name());
    } catch (IOException | RuntimeException e) {
      throw ArrowFile.explain(uri, e);
    }
  }

  @Override
  public List<ColumnInfo> columns(SourceFile source, Configuration hadoop) throws IOException {
    String uri = source.uri();
    try (FSDataInputStream in = source.open(hadoop)) {
      ArrowFile file = ArrowFile.read(uri, source.length(), in);
      List<RecordBatchHeader> headers = new ArrayList<>();
      for (ArrowFile.Extent extent : file.batches()) {
        headers.add(RecordBatchHeader.read(uri, extent, in));
      }
      return ArrowColumns.of(uri, file.schema(), true).usable().stream()
          .map(column -> info(column, file, headers))
          .toList();
    } catch (IOException | RuntimeException e) {
      throw ArrowFile.explain(uri, e);
    }
  }

  private static ColumnInfo info(
      FileColumn<ArrowColumn, ArrowIdColumn> column,
      ArrowFile file,
      List<RecordBatchHeader> headers) {
    Optional<ArrowColumn> vectors = column.vectors();
    List<Integer> path =
        vectors.map(ArrowColumn::path).orElseGet(() -> column.ids().orElseThrow().path());
    long nulls = 0;
    long rows = 0;
    long elements = 0;
    for (RecordBatchHeader header : headers) {
      List<RecordBatchHeader.Slot> slots = header.slots(file.schema().getFields(), path);
      for (RecordBatchHeader.Slot slot : slots) {
        nulls += header.nulls(slot.node());
      }
      rows += header.rows();
      if (vectors.isPresent()) {
        int child = slots.get(slots.size() - 1).node() + 1;
        nulls += header.nulls(child);
        elements += header.length(child);
      }
    }
    return new ColumnInfo(
        column.name(),
        column.nested(),
        vectors.isPresent(),
        column.ids().isPresent(),
        column.type(),
        vectors.filter(v -> v.source() == SourceType.BFLOAT16).isPresent(),
        rows > 0 && elements % rows == 0 ? elements / rows : 0,
        nulls,
        headers.isEmpty() ? null : headers.get(0).codecName());
  }

  private static List<VectorBatch> batches(ArrowFile file, ArrowColumn column, FSDataInputStream in)
      throws IOException {
    List<VectorBatch> batches = new ArrayList<>();
    long row = 0;
    for (ArrowFile.Extent extent : file.batches()) {
      RecordBatchHeader header = RecordBatchHeader.read(file.uri(), extent, in);
      VectorBatch batch =
          new VectorBatch(file.uri(), column, file.schema().getFields(), header, row, in);
      batch.checkStoredBytes();
      batches.add(batch);
      row += batch.rows();
    }
    return batches;
  }

  /** Elements per row where every record batch agrees; else the lists' offsets are looked at. */
  private static int dimension(String uri, ArrowColumn column, List<VectorBatch> batches)
      throws IOException {
    List<VectorBatch> filled = batches.stream().filter(batch -> batch.rows() > 0).toList();
    if (filled.isEmpty()) {
      return 0;
    }
    VectorBatch first = filled.get(0);
    long dimension = column.fixedSize() ? column.listSize() : first.elements() / first.rows();
    boolean agree = true;
    for (VectorBatch batch : filled) {
      agree &= column.fixedSize() || batch.elements() == batch.rows() * dimension;
    }
    if (!agree) {
      dimension = first.firstLength();
      for (VectorBatch batch : filled) {
        batch.values(Math.toIntExact(dimension)).close();
      }
    }
    if (dimension < 1 || dimension > Integer.MAX_VALUE) {
      throw VectorInputException.inFile(
          uri,
          "its vectors have dimension %d (expected 1 to %d)"
              .formatted(dimension, Integer.MAX_VALUE));
    }
    return (int) dimension;
  }

  @Override
  public RowSource open(VectorSplit split, int dimension, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    return new ArrowRows(split, choice, hadoop);
  }

  @Override
  public WeightReader openWeights(VectorSplit split, String column, Configuration hadoop)
      throws IOException {
    return new ArrowWeights(split, column, hadoop);
  }

  @Override
  public IdReader openIds(VectorSplit split, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    return new ArrowIds(split, choice.idColumn(), hadoop);
  }
}
