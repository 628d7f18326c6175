package io.flashlloyd.io.flat;

import io.flashlloyd.io.ColumnInfo;
import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ColumnChoice;
import io.flashlloyd.io.source.FileFormat;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.RowSource;
import io.flashlloyd.io.source.SourceFile;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** NumPy's .npz: a zip of arrays, of which one is read. Its column is the array's name. */
public final class NpzFormat implements FileFormat {
  @Override
  public FileLayout inspect(SourceFile file, ColumnChoice columns, Configuration hadoop)
      throws IOException {
    if (columns.idColumn() != null) {
      throw FlatHeader.noColumns(file.uri(), columns.idColumn());
    }
    NpzArray array = NpzArray.find(file.uri(), file.length(), columns.column(), hadoop);
    return NpyFormat.inspect(array.content(), columns.bfloat16(), VectorFormat.NPZ, array.name());
  }

  @Override
  public List<ColumnInfo> columns(SourceFile file, Configuration hadoop) throws IOException {
    List<ColumnInfo> columns = new ArrayList<>();
    for (NpzArray array : NpzArray.all(file.uri(), file.length(), hadoop)) {
      NpyHeader header;
      try {
        header = NpyHeader.read(array.content(), true);
      } catch (VectorInputException e) {
        continue; // labels, say: no vectors, as the error would tell whoever asked for them
      }
      columns.add(
          new ColumnInfo(
              array.name(),
              false,
              true,
              false,
              "%s [%d, %d]".formatted(header.source().label(), header.rows(), header.dimension()),
              header.source() == SourceType.BFLOAT16,
              header.dimension().longValue(),
              0,
              array.content().packing() == null ? null : "deflate"));
    }
    return columns;
  }

  @Override
  public RowSource open(
      VectorSplit split, int dimension, ColumnChoice columns, Configuration hadoop)
      throws IOException {
    FlatContent content =
        split.parts() > 0
            ? NpzArray.find(
                    split.uri(), SourceFile.length(split.uri(), hadoop), columns.column(), hadoop)
                .content()
            : new FlatContent(split.uri(), Long.MAX_VALUE, 0, null, hadoop);
    return new PlainRows(split, content.open(split.offset()));
  }

  @Override
  public IdReader openIds(VectorSplit split, ColumnChoice columns, Configuration hadoop)
      throws VectorInputException {
    throw FlatHeader.noColumns(split.uri(), columns.idColumn());
  }
}
