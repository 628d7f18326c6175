package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.output.CentroidFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorDatasetTest {
  @TempDir Path folder;

  @Test
  void shouldTravelWithATask() throws Exception {
    float[] values = Vectors.random(new Random(3), 500 * 7);
    String uri = folder.resolve("a.parquet").toString();
    CentroidFiles.write(VectorFormat.PARQUET, uri, values, 500, 7, HADOOP);
    InputSpec spec = new InputSpec(List.of(uri), null, "vector", "cluster", 1000);
    VectorDataset dataset = VectorDataset.open(spec, HADOOP);

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(dataset);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      VectorDataset travelled = (VectorDataset) in.readObject();
      assertThat(travelled.splits()).isEqualTo(dataset.splits());
      assertThat(travelled.spec()).isEqualTo(spec);
      Vectors.assertSameBits(Vectors.read(travelled, HADOOP), values, "seed 3");
      assertThat(Vectors.ids(travelled, HADOOP).number(499)).isEqualTo(499);
    }
  }

  @Test
  void shouldCutFlatFilesIntoSplitsOfAboutAChunk() throws Exception {
    Path file = folder.resolve("a.npy");
    FlatTestFile.NPY_U1.write(file, new byte[1000 * 7], 1000, 7);
    InputSpec spec = new InputSpec(List.of(file.toString()), null, null, null, 1024);
    assertThat(VectorDataset.open(spec, HADOOP).splits())
        .extracting(VectorSplit::rows)
        .containsExactly(146L, 146L, 146L, 146L, 146L, 146L, 124L);
  }

  @Test
  void shouldCheckWhatIsAskedFor() {
    assertThatThrownBy(() -> new InputSpec(List.of(), null, null, null, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Input names no file (expected at least one URI)");
    assertThatThrownBy(() -> new InputSpec(List.of("a"), null, null, null, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chunkBytes is 0 (expected 1 to 2147483583)");
  }
}
