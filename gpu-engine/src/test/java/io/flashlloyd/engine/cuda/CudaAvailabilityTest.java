package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Holds on machines with and without a GPU: no machine has a device of this number. */
class CudaAvailabilityTest {
  private static final int NO_SUCH_DEVICE = 4096;

  @Test
  void shouldSayWhyADeviceCannotBeUsedAndThrowJustThat() {
    String reason = CudaEngine.unavailable(NO_SUCH_DEVICE).orElseThrow();
    assertThat(reason).containsAnyOf("CUDA driver", "CUDA device").doesNotContain("\n");
    assertThatThrownBy(() -> CudaEngine.open(CudaOptions.device(NO_SUCH_DEVICE)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(reason);
  }

  @Test
  void shouldSayInAFewWordsThatThereIsNoDriver() throws IOException {
    Path loaded = Path.of("/proc/self/maps");
    String reason = CudaEngine.unavailable(NO_SUCH_DEVICE).orElseThrow();

    Assumptions.assumeTrue(Files.exists(loaded), "skipped: no /proc that names what is loaded");
    Assumptions.assumeFalse(
        Files.readString(loaded).contains("libcuda.so"), "skipped: there is a CUDA driver");
    assertThat(reason).isEqualTo("there is no CUDA driver (libcuda.so.1)");
  }

  @Test
  void shouldGiveTheLastReasonWhyALibraryDoesNotLoad() {
    String report =
        """
        Error while loading native library "JCudaDriver-12.6.0-linux-x86_64"
        Architecture bit size: 64
        Stack trace from the attempt to load the library as a file:
        java.lang.UnsatisfiedLinkError: no JCudaDriver in java.library.path: /usr/lib:/lib
        \tat java.base/java.lang.ClassLoader.loadLibrary(ClassLoader.java:2434)
        Stack trace from the attempt to load the library as a resource:
        java.lang.UnsatisfiedLinkError: /tmp/libJCudaDriver.so: failed to map segment
        \tat java.base/java.lang.System.load(System.java:1970)
        """;

    assertThat(DeviceContext.unlinked(report))
        .isEqualTo(
            "JCuda does not load (/tmp/libJCudaDriver.so: failed to map segment; java.io.tmpdir may"
                + " be mounted noexec: name another folder with -Djava.io.tmpdir)");
    assertThat(DeviceContext.unlinked("not found")).isEqualTo("JCuda does not load (not found)");
  }
}
