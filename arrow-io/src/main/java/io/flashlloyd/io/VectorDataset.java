package io.flashlloyd.io;

import io.flashlloyd.io.source.ColumnChoice;
import io.flashlloyd.io.source.FileLayout;
import io.flashlloyd.io.source.FileLister;
import io.flashlloyd.io.source.LfsPointer;
import io.flashlloyd.io.source.SourceFile;
import io.flashlloyd.io.synthetic.SyntheticFormat;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Vectors in files, as one sequence of rows. {@link #open} reads headers and footers only, checks
 * them against each other and against the files' lengths, and cuts the rows into splits.
 * Immutable, and small enough to travel with a task.
 */
public final class VectorDataset implements Serializable {
  private static final long serialVersionUID = 1L;

  private final InputSpec spec;
  private final InputSpec asked;
  private final List<String> files;
  private final List<String> names;
  private final InputFiles inputFiles;
  private final List<String> columns;
  private final List<VectorSplit> splits;
  private final VectorFormat format;
  private final ElementType type;
  private final int dimension;
  private final long rows;
  private final IdType idType;

  private VectorDataset(InputSpec spec, List<FileLayout> layouts, Map<String, Integer> skipped)
      throws VectorInputException {
    this.spec = spec;
    this.asked = spec;
    this.files = layouts.stream().map(FileLayout::uri).toList();
    this.names = files;
    List<FileLayout> filled = layouts.stream().filter(layout -> layout.rows() > 0).toList();
    this.inputFiles = new InputFiles(layouts.size(), layouts.size() - filled.size(), skipped);
    if (filled.isEmpty()) {
      throw new VectorInputException(
          "%s: the input has no rows (expected at least one vector); check where it comes from"
              .formatted(String.join(", ", spec.uris())));
    }
    FileLayout first = filled.get(0);
    this.format = first.format();
    this.columns = List.copyOf(first.columns());
    this.dimension = first.dimension();
    this.type = commonType(filled);
    this.idType = commonIdType(filled);
    requireOneColumn(filled);
    for (FileLayout layout : filled) {
      if (layout.dimension() != dimension) {
        throw VectorInputException.inFile(
            layout.uri(),
            "its vectors have dimension %d (expected %d, as in %s); all files must agree"
                .formatted(layout.dimension(), dimension, first.uri()));
      }
    }
    if ((long) dimension * type.bytes() > InputSpec.MAX_CHUNK_BYTES) {
      throw VectorInputException.inFile(
          first.uri(),
          "its vectors have dimension %d (expected at most %d, so that a row fits a chunk)"
              .formatted(dimension, InputSpec.MAX_CHUNK_BYTES / type.bytes()));
    }
    this.splits = List.copyOf(new SplitPlanner(dimension, type, spec.chunkBytes()).plan(filled));
    this.rows = filled.stream().mapToLong(FileLayout::rows).sum();
  }

  private VectorDataset(VectorDataset copy, String name, InputSpec asked) {
    this.spec = copy.spec;
    this.asked = asked;
    this.files = List.of();
    this.names = List.of(name);
    this.inputFiles = copy.inputFiles;
    this.columns = copy.columns;
    this.splits = copy.splits;
    this.format = copy.format;
    this.type = copy.type;
    this.dimension = copy.dimension;
    this.rows = copy.rows;
    this.idType = copy.idType;
  }

  /**
   * The same rows where these files are a copy that nobody knows of what has this name.
   *
   * @param original what was asked for
   */
  public VectorDataset knownAs(String name, InputSpec original) {
    return new VectorDataset(this, name, original);
  }

  /**
   * Lists and checks the input.
   *
   * @throws VectorInputException when there is nothing to read or something that cannot be read
   */
  public static VectorDataset open(InputSpec spec, Configuration hadoop) throws IOException {
    List<FileLayout> layouts = new ArrayList<>();
    ColumnChoice choice = choice(spec);
    FileLister.Listing listing = FileLister.list(spec.uris(), hadoop);
    for (SourceFile file : listing.files()) {
      LfsPointer.refuse(file, hadoop);
      VectorFormat format =
          spec.format() != null ? spec.format() : FormatDetector.detect(file, hadoop);
      layouts.add(Formats.of(format).inspect(file, choice, hadoop));
    }
    return new VectorDataset(spec, layouts, listing.skipped());
  }

  /** Rows of all files; at least 1. */
  public long rows() {
    return rows;
  }

  public int dimension() {
    return dimension;
  }

  /** The files' common type, or FLOAT32 when they differ; every chunk has it. */
  public ElementType type() {
    return type;
  }

  /** In row order, without gaps. */
  public List<VectorSplit> splits() {
    return splits;
  }

  /** In row order, empty files included; or what they are a copy of. */
  public List<String> files() {
    return names;
  }

  /** How many files were read, and how many were not, and why. */
  public InputFiles inputFiles() {
    return inputFiles;
  }

  /** Those of {@link #files} that are stored somewhere, and neither computed nor a copy. */
  public List<String> storedFiles() {
    return files.stream().filter(uri -> !SyntheticFormat.names(uri)).toList();
  }

  /** Format of the first file that has rows. */
  public VectorFormat format() {
    return format;
  }

  public IdType idType() {
    return idType;
  }

  /** The column of weights as the files name it, or null. */
  String weightColumn() {
    return spec.weightColumn();
  }

  /** What was asked for. */
  public InputSpec spec() {
    return asked;
  }

  /** Top-level columns of the first file that has rows; none for formats without columns. */
  public List<String> columns() {
    return columns;
  }

  ColumnChoice columnChoice() {
    return choice(spec);
  }

  private static ColumnChoice choice(InputSpec spec) {
    return new ColumnChoice(spec.column(), spec.idColumn(), spec.bfloat16());
  }

  /** Where nobody has named a column, two embeddings must not be taken for one. */
  private void requireOneColumn(List<FileLayout> layouts) throws VectorInputException {
    FileLayout first = null;
    for (FileLayout layout : layouts) {
      if (spec.column() == null && layout.vectorColumn() != null) {
        first = first == null ? layout : first;
        if (!layout.vectorColumn().equals(first.vectorColumn())) {
          throw VectorInputException.inFile(
              layout.uri(),
              "its vectors are in column '%s' (expected '%s', as in %s); name a column that all"
                      .formatted(layout.vectorColumn(), first.vectorColumn(), first.uri())
                  + " files have with --column, or cluster them apart");
        }
      }
    }
  }

  private static ElementType commonType(List<FileLayout> layouts) {
    ElementType type = layouts.get(0).source().elementType();
    for (FileLayout layout : layouts) {
      if (layout.source().elementType() != type) {
        return ElementType.FLOAT32;
      }
    }
    return type;
  }

  private static IdType commonIdType(List<FileLayout> layouts) throws VectorInputException {
    FileLayout first = layouts.get(0);
    IdType type = first.idType();
    for (FileLayout layout : layouts) {
      boolean bothNumbers = type != IdType.STRING && layout.idType() != IdType.STRING;
      if (layout.idType() != type && !bothNumbers) {
        throw VectorInputException.inFile(
            layout.uri(),
            "its id column is %s (expected %s, as in %s)"
                .formatted(layout.idType(), type, first.uri()));
      }
      if (layout.idType() == IdType.INT64) {
        type = IdType.INT64;
      }
    }
    return type;
  }
}
