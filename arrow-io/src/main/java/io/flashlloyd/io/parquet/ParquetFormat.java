package io.flashlloyd.io.parquet;

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
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/** Parquet files, decoded column by column. */
public final class ParquetFormat implements FileFormat {
  @Override
  public FileLayout inspect(SourceFile file, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    String uri = file.uri();
    try (ParquetFile parquet = ParquetFile.open(uri, hadoop)) {
      ParquetMetadata footer = parquet.footer();
      FileColumns<VectorColumn, IdColumn> columns =
          ParquetColumns.of(uri, parquet.schema(), choice.bfloat16());
      FileColumn<VectorColumn, IdColumn> picked = columns.vectors(choice.column());
      VectorColumn column = picked.vectors().orElseThrow();
      IdType idType =
          choice.idColumn() == null ? IdType.ROW_NUMBER : columns.ids(choice.idColumn()).type();
      Codecs.check(uri, picked.name(), footer, column.leaves());
      if (choice.idColumn() != null) {
        IdColumn ids = columns.ids(choice.idColumn());
        Codecs.check(uri, ids.name(), footer, List.of(ids.leaf()));
      }
      List<FileLayout.Part> groups =
          footer.getBlocks().stream()
              .map(group -> new FileLayout.Part(group.getRowCount(), 0))
              .toList();
      long rows = groups.stream().mapToLong(FileLayout.Part::rows).reduce(0, Math::addExact);
      int dimension = rows == 0 ? 0 : new ParquetShape(uri, footer, column).dimension(hadoop);
      return new FileLayout(
          uri,
          VectorFormat.PARQUET,
          column.source(),
          rows,
          dimension,
          0,
          0,
          groups,
          idType,
          columns.names(),
          picked.name());
    } catch (RuntimeException e) {
      throw ParquetFiles.explain(uri, e);
    }
  }

  @Override
  public List<ColumnInfo> columns(SourceFile file, Configuration hadoop) throws IOException {
    try (ParquetFile parquet = ParquetFile.open(file.uri(), hadoop)) {
      ParquetMetadata footer = parquet.footer();
      List<ColumnInfo> columns = new ArrayList<>();
      for (FileColumn<VectorColumn, IdColumn> column :
          ParquetColumns.of(file.uri(), parquet.schema(), true).usable()) {
        columns.add(info(file.uri(), column, footer));
      }
      return columns;
    } catch (RuntimeException e) {
      throw ParquetFiles.explain(file.uri(), e);
    }
  }

  private static ColumnInfo info(
      String uri, FileColumn<VectorColumn, IdColumn> column, ParquetMetadata footer) {
    Optional<VectorColumn> vectors = column.vectors();
    List<ColumnDescriptor> leaves =
        vectors
            .map(VectorColumn::leaves)
            .orElseGet(() -> List.of(column.ids().orElseThrow().leaf()));
    ParquetShape shape = vectors.map(v -> new ParquetShape(uri, footer, v)).orElse(null);
    return new ColumnInfo(
        column.name(),
        column.nested(),
        vectors.isPresent(),
        column.ids().isPresent(),
        column.type(),
        vectors.filter(v -> v.source() == SourceType.BFLOAT16).isPresent(),
        shape == null ? 0 : shape.stated().orElse(0),
        ParquetShape.nulls(footer, leaves.get(leaves.size() - 1)),
        Codecs.label(Codecs.of(footer, leaves)));
  }

  @Override
  public RowSource open(VectorSplit split, int dimension, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    return new ParquetRows(split, choice, hadoop);
  }

  @Override
  public WeightReader openWeights(VectorSplit split, String column, Configuration hadoop)
      throws IOException {
    return new ParquetWeights(split, column, hadoop);
  }

  @Override
  public IdReader openIds(VectorSplit split, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    return new ParquetIds(split, choice.idColumn(), hadoop);
  }

  /**
   * A column of integers or strings of a whole file.
   *
   * @throws VectorInputException where there is no such column, or a value is null
   */
  public static IdReader openColumn(String uri, String column, Configuration hadoop)
      throws IOException {
    return new ParquetIds(uri, column, hadoop);
  }
}
