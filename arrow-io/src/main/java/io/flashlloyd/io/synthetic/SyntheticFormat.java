package io.flashlloyd.io.synthetic;

import io.flashlloyd.io.IdReader;
import io.flashlloyd.io.VectorFormat;
import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.VectorSplit;
import io.flashlloyd.io.source.ChunkFiller;
import io.flashlloyd.io.source.ColumnChoice;
import io.flashlloyd.io.source.FileFormat;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.RowSource;
import io.flashlloyd.io.source.SourceFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;

/** Rows made up as they are wanted, for benches and demonstrations: the "file" is its own URI. */
public final class SyntheticFormat implements FileFormat {
  /** Bytes that are made in one go: small enough to stay in the second-level cache. */
  private static final int WINDOW = 1 << 18;

  /** Centres are made once for a URI; a process sees few. */
  private static final Map<String, BlobRows> MADE = new ConcurrentHashMap<>();

  /** Whether an input is of this kind and no path. */
  public static boolean names(String uri) {
    return uri.startsWith(SyntheticSpec.SCHEME);
  }

  @Override
  public FileLayout inspect(SourceFile file, ColumnChoice columns, Configuration hadoop)
      throws IOException {
    SyntheticSpec spec = SyntheticSpec.parse(file.uri());
    String column = columns.idColumn() != null ? columns.idColumn() : columns.column();
    if (column != null) {
      throw VectorInputException.inFile(
          file.uri(), "synthetic rows have no columns ('%s' was asked for)".formatted(column));
    }
    return FileLayout.flat(
        file,
        VectorFormat.SYNTHETIC,
        spec.type(),
        spec.rows(),
        spec.dimension(),
        0,
        (long) spec.dimension() * spec.type().bytes());
  }

  @Override
  public RowSource open(
      VectorSplit split, int dimension, ColumnChoice columns, Configuration hadoop)
      throws IOException {
    SyntheticSpec spec = SyntheticSpec.parse(split.uri());
    BlobRows rows = MADE.computeIfAbsent(split.uri(), uri -> new BlobRows(spec));
    return new Made(rows, spec, split);
  }

  @Override
  public IdReader openIds(VectorSplit split, ColumnChoice columns, Configuration hadoop) {
    throw new IllegalStateException("Synthetic rows have no id column");
  }

  /** The rows of a split, a window at a time. */
  private static final class Made implements RowSource {
    private final BlobRows rows;
    private final SyntheticSpec spec;
    private final ByteBuffer window;
    private long next;

    Made(BlobRows rows, SyntheticSpec spec, VectorSplit split) {
      this.rows = rows;
      this.spec = spec;
      this.next = split.firstRowInFile();
      int rowBytes = spec.dimension() * spec.type().bytes();
      int count = (int) Math.min(split.rows(), Math.max(1, WINDOW / rowBytes));
      this.window = ByteBuffer.allocate(count * rowBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void fill(ChunkFiller filler) throws IOException {
      int rowBytes = spec.dimension() * spec.type().bytes();
      int count = Math.min(filler.missing() / spec.dimension(), window.capacity() / rowBytes);
      rows.write(next, count, window);
      filler.append(window, 0, spec.type(), count * spec.dimension());
      next += count;
    }

    @Override
    public void close() {}
  }
}
