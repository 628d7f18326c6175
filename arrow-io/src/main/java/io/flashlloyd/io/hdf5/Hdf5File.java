package io.flashlloyd.io.hdf5;

import io.flashlloyd.io.VectorInputException;
import io.flashlloyd.io.source.FileColumn;
import io.flashlloyd.io.source.FileColumns;
import io.flashlloyd.io.source.HadoopChannel;
import io.flashlloyd.io.source.SourceFile;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * An open HDF5 file and its data sets, which are its columns. Nothing is copied to a local disk:
 * jHDF reads through a channel. One thread.
 */
final class Hdf5File implements Closeable {
  /** Groups deeper than this are a circle of links, or as good as one. */
  private static final int MOST_DEPTH = 16;

  private static final int MOST_COLUMNS = 10_000;

  private final String uri;
  private final HdfFile file;

  private Hdf5File(String uri, HdfFile file) {
    this.uri = uri;
    this.file = file;
  }

  static Hdf5File open(String uri, long length, Configuration hadoop) throws IOException {
    HadoopChannel channel = new HadoopChannel(uri, length, hadoop);
    try {
      return new Hdf5File(uri, new HdfFile(channel, URI.create("hdf5:/")));
    } catch (RuntimeException e) {
      channel.close();
      throw damaged(uri, e);
    } catch (OutOfMemoryError e) {
      channel.close();
      throw tooLong(uri, e);
    }
  }

  static Hdf5File open(String uri, Configuration hadoop) throws IOException {
    return open(uri, SourceFile.length(uri, hadoop), hadoop);
  }

  /** The data sets of all groups, as {@code group/name}; links are not followed. */
  FileColumns<Hdf5Matrix, Hdf5Numbers> columns() throws IOException {
    List<FileColumn<Hdf5Matrix, Hdf5Numbers>> found = new ArrayList<>();
    try {
      add(file, "", found);
    } catch (RuntimeException e) {
      throw damaged(uri, e);
    } catch (OutOfMemoryError e) {
      throw tooLong(uri, e);
    }
    return new FileColumns<>(uri, List.copyOf(found));
  }

  private void add(Group group, String prefix, List<FileColumn<Hdf5Matrix, Hdf5Numbers>> found) {
    for (Node node : group.getChildren().values()) {
      String name = prefix + node.getName();
      if (found.size() > MOST_COLUMNS) {
        throw new IllegalArgumentException("more than %d data sets".formatted(MOST_COLUMNS));
      }
      if (node instanceof Dataset data) {
        found.add(column(name, data));
      } else if (node instanceof Group child
          && prefix.chars().filter(c -> c == '/').count() < MOST_DEPTH) {
        add(child, name + "/", found);
      }
    }
  }

  private FileColumn<Hdf5Matrix, Hdf5Numbers> column(String name, Dataset data) {
    Optional<Hdf5Matrix> vectors = Hdf5Matrix.of(data);
    Optional<Hdf5Numbers> ids = Hdf5Numbers.of(name, data);
    String type =
        "%s %s".formatted(Hdf5Types.describe(data), Arrays.toString(data.getDimensionsAsLong()));
    return new FileColumn<>(name, false, type, vectors, ids);
  }

  String uri() {
    return uri;
  }

  /** What jHDF complains of is the file's fault, unless storage is the cause. */
  static IOException damaged(String uri, RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof VectorInputException known) {
        return known;
      }
    }
    return VectorInputException.corrupt(uri, "HDF5", e);
  }

  /** jHDF takes the length of an object's header on trust, and asks for as much in one piece. */
  private static IOException tooLong(String uri, OutOfMemoryError e) {
    return VectorInputException.corrupt(
        uri, "HDF5", new IllegalStateException("a header is larger than the heap", e));
  }

  @Override
  public void close() {
    file.close();
  }
}
