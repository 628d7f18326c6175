package io.flashlloyd.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel module in the resources is the one that Java expects and the sources give. */
class KernelCatalogTest {
  private static final Path SOURCES = Path.of("src/main/cuda");

  @ParameterizedTest
  @ValueSource(strings = {"sm_75", "sm_80", "sm_86", "sm_89", "sm_90a", "sm_100", "sm_120"})
  void shouldFindEveryKernelInTheModule(String architecture) throws IOException {
    Set<String> expected =
        Arrays.stream(KernelCatalog.values())
            .filter(kernel -> architecture.equals("sm_90a") || !kernel.hopperOnly())
            .map(KernelCatalog::symbol)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> symbols =
        text("kernels.txt")
            .lines()
            .map(line -> line.split(" "))
            .filter(words -> words[0].equals(architecture))
            .map(words -> words[1])
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(symbols).isEqualTo(expected);
  }

  @Test
  void shouldHoldTheModuleOfTheseSources() throws IOException, NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Path source : sources()) {
      digest.update(Files.readAllBytes(source));
    }
    assertThat(text("sources.sha256").strip())
        .as("hash of src/main/cuda: run mvn -Pcuda to compile the kernels again")
        .isEqualTo(HexFormat.of().formatHex(digest.digest()));
  }

  @Test
  void shouldStaySmall() throws IOException {
    try (InputStream stream = KernelModule.class.getResourceAsStream(KernelModule.RESOURCE)) {
      assertThat(stream).isNotNull();
      assertThat(stream.readAllBytes().length).isBetween(100_000, 6_000_000);
    }
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".cu") || file.toString().endsWith(".cuh"))
          .sorted((a, b) -> a.getFileName().toString().compareTo(b.getFileName().toString()))
          .toList();
    }
  }

  private static String text(String resource) throws IOException {
    try (InputStream stream = KernelModule.class.getResourceAsStream(resource)) {
      assertThat(stream).as(resource).isNotNull();
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
