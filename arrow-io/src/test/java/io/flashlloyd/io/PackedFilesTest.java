package io.flashlloyd.io;

import static io.flashlloyd.io.FormatFilesTest.FOLDER;
import static io.flashlloyd.io.FormatFilesTest.expected;
import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arrays in .npz, files in gzip, data sets in HDF5, by src/test/python/write_flat_formats.py. */
class PackedFilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "numpy.npz,,FLOAT32",
    "numpy-deflated.npz,,FLOAT16",
    "numpy-deflated.npz,emb,FLOAT16",
    "numpy-two.npz,a,FLOAT32",
    "numpy-two.npz,b,UINT8",
    "jar.npz,,UINT8",
    "jar-deflated.npz,,UINT8",
    "bfloat16.npy,,FLOAT32",
    "one.fvecs.gz,,FLOAT32",
    "two.bvecs.gz,,UINT8",
    "array.fbin.gz,,FLOAT32",
    "ann-benchmarks.hdf5,train,FLOAT32",
    "h5py.h5,gzip,FLOAT32",
    "h5py.h5,lzf,FLOAT16",
    "h5py-groups.h5,group/i8,INT8",
    "h5py-groups.h5,group/u8,UINT8",
    "h5py-groups.h5,f64,FLOAT32",
    "h5py-latest.h5,gzip,FLOAT32",
    "h5py-latest.h5,fixed,FLOAT16",
    "h5py-latest.h5,f32,FLOAT32",
    "h5wasm.h5,train,FLOAT32",
    "h5wasm.h5,u8,UINT8"
  })
  void shouldReadBitForBit(String file, String column, ElementType type) throws Exception {
    for (long chunkBytes : new long[] {1, 150, InputSpec.DEFAULT_CHUNK_BYTES}) {
      VectorDataset dataset = VectorDataset.open(spec(file, column, null, chunkBytes), HADOOP);
      assertThat(dataset.type()).isEqualTo(type);
      Vectors.assertSameBits(Vectors.read(dataset, HADOOP), expected(type), file + " " + column);
    }
  }

  @ParameterizedTest
  @CsvSource({"h5py.h5,gzip,id", "h5wasm.h5,train,id"})
  void shouldReadIdsOfHdf5(String file, String column, String id) throws Exception {
    VectorDataset dataset = VectorDataset.open(spec(file, column, id, 150), HADOOP);
    assertThat(dataset.idType()).isEqualTo(IdType.INT64);
    Ids ids = Vectors.ids(dataset, HADOOP);
    for (int row = 0; row < 60; row++) {
      assertThat(ids.number(row)).isEqualTo(3L * row - 100);
    }
    Ids wide =
        Vectors.ids(VectorDataset.open(spec("h5py.h5", "gzip", "uint64", 150), HADOOP), HADOOP);
    assertThat(wide.text(59)).isEqualTo("18446744073709551556");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      nullValues = "-",
      value = {
        "numpy-two.npz#-#holds the arrays [a, b] (expected one); name one with --column",
        "numpy-two.npz#c#has no array 'c' (expected one of [a, b])",
        "ann-benchmarks.hdf5#-#columns [distances, test, train] all hold vectors (expected one)",
        "ann-benchmarks.hdf5#neighbors#does not hold vectors (expected lists of floats or bytes,"
            + " not int32 [10, 5])",
        "h5py-groups.h5#big#not float32 (big-endian) [9, 6])"
      })
  void shouldSayWhatThereIs(String file, String column, String message) {
    assertThat(Vectors.refusedAtOpen(spec(file, column, null, 100))).hasMessageContaining(message);
  }

  @Test
  void shouldReadLongGzipOfRandomRows() throws Exception {
    long seed = 77;
    float[] values = Vectors.random(new Random(seed), 3000 * 17);
    byte[] bytes =
        FlatTestFile.FVECS.bytes(
            Vectors.encode(FlatTestFile.FVECS.type, values), values.length / 17, 17);
    Path file = folder.resolve("v.fvecs.gz");
    Files.write(file, gzip(bytes));
    Vectors.assertSameBits(
        Vectors.read(Vectors.spec(file, 10_000)), values, "seed %d".formatted(seed));
  }

  @ParameterizedTest
  @CsvSource({
    "numpy.npz,",
    "numpy-deflated.npz,",
    "one.fvecs.gz,",
    "ann-benchmarks.hdf5,train",
    "h5py.h5,gzip"
  })
  void shouldTellDamageFromAccidents(String name, String column) throws Exception {
    byte[] whole = Files.readAllBytes(FOLDER.resolve(name));
    long seed = name.hashCode();
    Random random = new Random(seed);
    Path file = folder.resolve(name);
    for (int trial = 0; trial < 150; trial++) {
      byte[] damaged =
          trial % 3 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
      for (int i = 0; i < 1 + random.nextInt(3) && damaged.length > 0; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Files.write(file, damaged);
      try {
        Vectors.read(new InputSpec(List.of(file.toString()), null, column, null, false, 1 << 16));
      } catch (VectorInputException e) {
        assertThat(e).hasMessageContaining(name);
      } catch (IOException | RuntimeException e) {
        throw new AssertionError("seed %d, trial %d: %s".formatted(seed, trial, e), e);
      }
    }
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static InputSpec spec(String file, String column, String ids, long chunkBytes) {
    boolean bfloat16 = file.startsWith("bfloat16");
    return new InputSpec(
        List.of(FOLDER.resolve(file).toString()), null, column, ids, bfloat16, chunkBytes);
  }
}
