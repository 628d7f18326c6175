package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files of a few KiB that once took all memory. Mutants of all formats: FuzzIT. */
class DamagedFileTest {
  private static final Path FOLDER = Path.of("src/test/resources/damaged");
  private static final long MOST_HEAP = 8 << 20;

  @Test
  void shouldNotBelieveOffsetsOfTexts() {
    Path file = FOLDER.resolve("rows_t584_a_fixed.arrow");
    InputSpec spec = new InputSpec(List.of(file.toString()), null, null, "id", 1000);
    assertRefused(file, () -> Vectors.ids(VectorDataset.open(spec, HADOOP), HADOOP));
  }

  @Test
  void shouldNotBelieveTheLengthOfARun() {
    Path file = FOLDER.resolve("rows_t904_p_zstd.parquet");
    assertRefused(file, () -> Vectors.read(InputSpec.of(file.toString())));
  }

  private static void assertRefused(
      Path file, org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertThatThrownBy(reading).isInstanceOf(VectorInputException.class); // loads classes
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(reading)
        .isInstanceOf(VectorInputException.class)
        .hasMessageContaining(file.getFileName().toString())
        .hasMessageContaining("the file is truncated or corrupt, write it again");
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_HEAP);
  }
}
