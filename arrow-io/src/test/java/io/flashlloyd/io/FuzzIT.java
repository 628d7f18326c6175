package io.flashlloyd.io;

import io.flashlloyd.io.ArrowTestFile.ListKind;
import io.flashlloyd.io.Mutants.Original;
import io.flashlloyd.io.lists.AssignmentReader;
import io.flashlloyd.io.output.AssignmentWriter;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;

/** Damaged files of every format: vectors, ids, centroids and assignments. */
class FuzzIT {
  private static final int MUTANTS = 16_000;
  private static final int ROWS = 90;
  private static final int DIMENSION = 4;
  private static final long CHUNK_BYTES = 1 << 16;
  private static final long MOST_CHUNKS = 32L << 20;

  @Test
  void shouldReadOrRefuseDamagedFiles(@TempDir Path folder) throws Exception {
    Mutants.inSmallHeap(FuzzIT.class, MUTANTS, folder);
  }

  /** The folder, how many, and the seed. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Mutants.check(
        corpus(folder), folder, Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]));
  }

  private static List<Original> corpus(Path folder) throws IOException {
    List<Original> corpus = new ArrayList<>();
    Path originals = Files.createDirectory(folder.resolve("originals"));
    flat(corpus);
    parquet(corpus, originals);
    arrow(corpus, originals);
    results(corpus, originals);
    others(corpus);
    packed(corpus);
    return corpus;
  }

  private static void flat(List<Original> corpus) {
    for (FlatTestFile format : FlatTestFile.values()) {
      byte[] values = new byte[ROWS * DIMENSION * format.type.bytes()];
      byte[] bytes = format.bytes(values, ROWS, DIMENSION);
      corpus.add(
          new Original(
              format.extension, "a." + format.extension, bytes, file -> vectors(file, null)));
      corpus.add(new Original("centroids", "c." + format.extension, bytes, FuzzIT::centroids));
    }
  }

  private static void parquet(List<Original> corpus, Path folder) throws IOException {
    for (ParquetTestFile shape : ParquetTestFile.values()) {
      for (int seed = 0; seed < 6; seed++) {
        String name = "%s-%d.parquet".formatted(shape, seed);
        shape.write(folder.resolve(name), rows(), new Random(seed));
        byte[] bytes = Files.readAllBytes(folder.resolve(name));
        corpus.add(new Original("parquet", name, bytes, file -> vectors(file, null)));
        corpus.add(new Original("parquet ids", name, bytes, file -> ids(file, null, "before")));
        corpus.add(new Original("parquet ids", name, bytes, file -> ids(file, null, "after")));
      }
    }
  }

  private static void arrow(List<Original> corpus, Path folder) throws IOException {
    for (ListKind list : ListKind.values()) {
      for (CodecType codec : CodecType.values()) {
        for (SourceType type : List.of(SourceType.FLOAT32, SourceType.UINT8)) {
          String name = "%s-%s-%s.arrow".formatted(list, codec, type);
          new ArrowTestFile(list, type)
              .write(folder.resolve(name), rows(), DIMENSION, codec, new Random(1));
          byte[] bytes = Files.readAllBytes(folder.resolve(name));
          corpus.add(new Original("arrow", name, bytes, file -> vectors(file, null)));
          corpus.add(new Original("arrow ids", name, bytes, file -> ids(file, null, "number")));
        }
      }
    }
  }

  private static void results(List<Original> corpus, Path folder) throws IOException {
    float[] values = new float[ROWS * DIMENSION];
    for (VectorFormat format : List.of(VectorFormat.PARQUET, VectorFormat.ARROW)) {
      Path file = folder.resolve("centroids." + format.optionName());
      CentroidFiles.write(format, file.toString(), values, ROWS, DIMENSION, Vectors.HADOOP);
      corpus.add(
          new Original(
              "centroids",
              file.getFileName().toString(),
              Files.readAllBytes(file),
              FuzzIT::centroids));
    }
    for (IdType ids : IdType.values()) {
      Path file = folder.resolve("assignments-%s.parquet".formatted(ids));
      try (AssignmentWriter writer = AssignmentWriter.open(file.toString(), Vectors.HADOOP, ids)) {
        IntBuffer clusters = IntBuffer.wrap(new int[ROWS]);
        FloatBuffer distances = FloatBuffer.wrap(values);
        switch (ids) {
          case ROW_NUMBER -> writer.write(Ids.rowNumbers(7, ROWS), clusters, distances);
          case STRING -> writer.write(texts(), clusters, distances);
          default -> writer.write(Ids.ofNumbers(ids, new long[ROWS]), clusters, distances);
        }
        writer.commit();
      }
      corpus.add(
          new Original(
              "assignments",
              file.getFileName().toString(),
              Files.readAllBytes(file),
              FuzzIT::assignments));
    }
  }

  /** What other libraries wrote, and mutants that did harm once. */
  private static void others(List<Original> corpus) throws IOException {
    for (String folder : List.of("interop", "damaged")) {
      try (Stream<Path> files = Files.list(Path.of("src/test/resources", folder))) {
        for (Path file : files.filter(path -> !path.toString().endsWith(".npy")).toList()) {
          add(corpus, file, null, null);
          for (String id : folder.equals("interop") ? List.of("id", "name") : List.of("id")) {
            add(corpus, file, null, id);
          }
        }
      }
    }
    for (Arguments column : FormatFilesTest.vectors()) {
      add(corpus, format(column), (String) column.get()[1], null);
    }
    for (Arguments column : FormatFilesTest.ids()) {
      add(corpus, format(column), "i8", (String) column.get()[1]);
    }
  }

  /** Damaged packages, and whole packages, checksums and all, of what was damaged before. */
  private static void packed(List<Original> corpus) throws IOException {
    for (String file :
        List.of(
            "numpy.npz,",
            "numpy-deflated.npz,emb",
            "numpy-two.npz,b",
            "jar.npz,",
            "jar-deflated.npz,",
            "one.fvecs.gz,",
            "two.bvecs.gz,",
            "array.fbin.gz,",
            "ann-benchmarks.hdf5,train",
            "h5py.h5,gzip",
            "h5py.h5,lzf",
            "h5py-groups.h5,group/i8",
            "h5py-groups.h5,f64",
            "h5py-latest.h5,gzip",
            "h5py-latest.h5,fixed",
            "h5py-latest.h5,f32",
            "h5wasm.h5,train",
            "h5wasm.h5,u8")) {
      String[] words = file.split(",", -1);
      String column = words[1].isEmpty() ? null : words[1];
      byte[] bytes = Files.readAllBytes(FormatFilesTest.FOLDER.resolve(words[0]));
      String format =
          words[0].endsWith(".gz") ? "gzip" : VectorFormat.ofFileName(words[0]).optionName();
      corpus.add(new Original(format, words[0], bytes, damaged -> vectors(damaged, column)));
      if (file.equals("h5py.h5,gzip") || file.equals("h5wasm.h5,train")) {
        corpus.add(
            new Original("hdf5 ids", words[0], bytes, damaged -> ids(damaged, column, "id")));
      }
    }
    for (FlatTestFile inner : FlatTestFile.values()) {
      byte[] bytes = inner.bytes(new byte[ROWS * DIMENSION * inner.type.bytes()], ROWS, DIMENSION);
      String name = "a." + inner.extension;
      corpus.add(new Original("in gzip", name, bytes, file -> vectors(gzip(file), null)));
      if (inner.extension.equals("npy")) {
        corpus.add(new Original("in npz", name, bytes, file -> vectors(npz(file), null)));
      }
    }
  }

  private static Path gzip(Path file) throws IOException {
    Path packed = file.resolveSibling(file.getFileName() + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      Files.copy(file, out);
    }
    return packed;
  }

  private static Path npz(Path file) throws IOException {
    Path packed = file.resolveSibling(file.getFileName() + ".npz");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(packed))) {
      out.putNextEntry(new ZipEntry("arr_0.npy"));
      Files.copy(file, out);
    }
    return packed;
  }

  private static Path format(Arguments file) {
    return FormatFilesTest.FOLDER.resolve((String) file.get()[0]);
  }

  private static void add(List<Original> corpus, Path path, String column, String id)
      throws IOException {
    String name = path.getFileName().toString();
    String format = VectorFormat.ofFileName(name).optionName();
    if (name.contains("stream.")) {
      format += " stream";
    }
    byte[] bytes = Files.readAllBytes(path);
    corpus.add(
        id == null
            ? new Original(format, name, bytes, file -> vectors(file, column))
            : new Original(format + " ids", name, bytes, file -> ids(file, column, id)));
  }

  private static Ids texts() {
    String[] texts = new String[ROWS];
    for (int i = 0; i < ROWS; i++) {
      texts[i] = "row " + i;
    }
    return Ids.ofTexts(texts);
  }

  private static List<Double[]> rows() {
    List<Double[]> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      rows.add(new Double[] {1.0 * row, 0.0, 3.0, row % 7 + 1.0});
    }
    return rows;
  }

  private static VectorDataset open(Path file, String column, String id) throws IOException {
    boolean bfloat16 = "bf16".equals(column);
    List<String> uris = List.of(file.toString());
    return VectorDataset.open(
        new InputSpec(uris, null, column, id, bfloat16, CHUNK_BYTES), Vectors.HADOOP);
  }

  private static void vectors(Path file, String column) throws IOException {
    VectorDataset dataset = open(file, column, null);
    try (BufferAllocator root = ChunkAllocator.root(Long.MAX_VALUE);
        BufferAllocator allocator = ChunkAllocator.child(root, MOST_CHUNKS, "fuzz")) {
      for (VectorSplit split : dataset.splits()) {
        try (ChunkReader reader = VectorReaders.open(dataset, split, Vectors.HADOOP, allocator)) {
          for (VectorChunk next = reader.next(); next != null; next = reader.next()) {
            next.close();
          }
        }
      }
    }
  }

  private static void ids(Path file, String column, String id) throws IOException {
    VectorDataset dataset = open(file, column, id);
    try (BufferAllocator allocator = ChunkAllocator.root(Long.MAX_VALUE)) {
      for (VectorSplit split : dataset.splits()) {
        try (IdReader reader = VectorReaders.openIds(dataset, split, Vectors.HADOOP, allocator)) {
          while (reader.next(1000) != null) {}
        }
      }
    }
  }

  private static void centroids(Path file) throws IOException {
    CentroidFiles.read(file.toString(), Vectors.HADOOP);
  }

  private static void assignments(Path file) throws IOException {
    try (AssignmentReader reader = AssignmentReader.open(file.toString(), Vectors.HADOOP)) {
      while (reader.next(1000) != null) {}
    }
  }
}
