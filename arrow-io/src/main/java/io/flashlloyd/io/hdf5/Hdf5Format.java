package io.flashlloyd.io.hdf5;

import io.flashlloyd.io.ColumnInfo;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.IdType;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.flat.StoredRows;
import io.flashlloyd.io.source.ColumnChoice;
import io.flashlloyd.io.source.FileColumn;
import io.flashlloyd.io.source.FileColumns;
import io.flashlloyd.io.source.FileFormat;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.RowSource;
import io.flashlloyd.io.source.SourceFile;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** HDF5 files: a data set of two sides is a column of vectors. */
public final class Hdf5Format implements FileFormat {
  @Override
  public FileLayout inspect(SourceFile file, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    try (Hdf5File opened = Hdf5File.open(file.uri(), file.length(), hadoop)) {
      FileColumns<Hdf5Matrix, Hdf5Numbers> columns = opened.columns();
      FileColumn<Hdf5Matrix, Hdf5Numbers> picked = columns.vectors(choice.column());
      Hdf5Matrix matrix = picked.vectors().orElseThrow();
      if (!matrix.fits(file.length())) {
        throw VectorInputException.inFile(
            file.uri(),
            "data set '%s' says %d x %d %s, more than the file's %d bytes hold; it is truncated"
                    .formatted(
                        picked.name(),
                        matrix.rows(),
                        matrix.dimension(),
                        matrix.source().label(),
                        file.length())
                + " or corrupt");
      }
      long position = matrix.position();
      return new FileLayout(
          file.uri(),
          VectorFormat.HDF5,
          matrix.source(),
          matrix.rows(),
          (int) matrix.dimension(),
          position,
          position == 0 ? 0 : matrix.dimension() * matrix.source().bytes(),
          List.of(),
          choice.idColumn() == null
              ? IdType.ROW_NUMBER
              : idType(file.uri(), columns.ids(choice.idColumn()), matrix.rows()),
          columns.names(),
          picked.name());
    } catch (RuntimeException e) {
      throw Hdf5File.damaged(file.uri(), e);
    }
  }

  @Override
  public List<ColumnInfo> columns(SourceFile file, Configuration hadoop) throws IOException {
    try (Hdf5File opened = Hdf5File.open(file.uri(), file.length(), hadoop)) {
      return opened.columns().usable().stream()
          .map(
              column ->
                  new ColumnInfo(
                      column.name(),
                      column.nested(),
                      column.vectors().isPresent(),
                      column.ids().isPresent(),
                      column.type(),
                      false,
                      column.vectors().map(Hdf5Matrix::dimension).orElse(0L),
                      0,
                      column.vectors().map(Hdf5Matrix::data).map(Hdf5Types::filters).orElse(null)))
          .toList();
    } catch (RuntimeException e) {
      throw Hdf5File.damaged(file.uri(), e);
    }
  }

  private static IdType idType(String uri, Hdf5Numbers ids, long rows) throws VectorInputException {
    if (ids.rows() != rows) {
      throw VectorInputException.inFile(
          uri,
          "id column '%s' has %d rows (expected %d, one for each vector); name another"
              .formatted(ids.name(), ids.rows(), rows));
    }
    return ids.type();
  }

  @Override
  public RowSource open(VectorSplit split, int dimension, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    if (split.offset() > 0) {
      return StoredRows.open(split, hadoop);
    }
    Hdf5File file = Hdf5File.open(split.uri(), hadoop);
    try {
      return new Hdf5Rows(
          file, file.columns().vectors(choice.column()).vectors().orElseThrow(), split);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public IdReader openIds(VectorSplit split, ColumnChoice choice, Configuration hadoop)
      throws IOException {
    Hdf5File file = Hdf5File.open(split.uri(), hadoop);
    try {
      return new Hdf5Ids(file, file.columns().ids(choice.idColumn()), split);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }
}
