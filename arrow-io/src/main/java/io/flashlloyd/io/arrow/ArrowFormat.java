package io.flashlloyd.io.arrow;

import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ColumnChoice;
import io.flashlloyd.io.source.FileFormat;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.RowSource;
import io.flashlloyd.io.source.SourceFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;

/** Arrow IPC files, which Feather version 2 is another name of. */
public final class ArrowFormat implements FileFormat {
  @Override
  public FileLayout inspect(SourceFile source, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    String uri = source.uri();
    try (FSDataInputStream in = source.open(hadoop)) {
      ArrowFile file = ArrowFile.read(uri, source.length(), in);
      ArrowColumn column = ArrowColumn.pick(uri, file.schema(), choice);
      IdType idType =
          choice.idColumn() == null
              ? IdType.ROW_NUMBER
              : ArrowIds.type(uri, file.schema(), choice.idColumn());
      List<VectorBatch> batches = batches(file, column, in);
      List<Long> partRows = batches.stream().map(VectorBatch::rows).toList();
      return new FileLayout(
          uri,
          VectorFormat.ARROW,
          column.source(),
          partRows.stream().mapToLong(Long::longValue).sum(),
          dimension(uri, column, batches),
          0,
          0,
          partRows,
          idType,
          ArrowColumn.names(file.schema()),
          file.schema().getFields().get(column.index()).getName());
    } catch (IOException | RuntimeException e) {
      throw ArrowFile.explain(uri, e);
    }
  }

  private static List<VectorBatch> batches(ArrowFile file, ArrowColumn column, FSDataInputStream in)
      throws IOException {
    List<VectorBatch> batches = new ArrayList<>();
    long row = 0;
    for (ArrowFile.Extent extent : file.extents()) {
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
  public IdReader openIds(VectorSplit split, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    return new ArrowIds(split, choice.idColumn(), hadoop);
  }
}
