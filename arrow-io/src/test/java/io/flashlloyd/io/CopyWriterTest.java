package io.flashlloyd.io;

import static io.flashlloyd.io.Vectors.HADOOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.lists.CopyWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream, byte for byte as PostgreSQL's COPY and pgvector's vector_recv document it. */
class CopyWriterTest {
  private static final String HEAD = "5047434f50590aff0d0a00" + "00000000" + "00000000";
  private static final String VECTOR = "0000000c" + "0002" + "0000" + "3fc00000" + "c0000000";

  @TempDir Path folder;

  @Test
  void shouldWriteNumberedRows() throws IOException {
    String uri = folder.resolve("a.copy").toString();
    try (CopyWriter writer = CopyWriter.open(uri, HADOOP, 2)) {
      writer.add(-2, 258, new float[] {1.5f, -2});
      assertThat(Path.of(uri)).doesNotExist();
      writer.commit();
    }
    assertThat(hex(uri))
        .isEqualTo(
            HEAD + "0003" + "00000008fffffffffffffffe" + "0000000400000102" + VECTOR + "ffff");
  }

  @Test
  void shouldWriteNamedRows() throws IOException {
    String uri = folder.resolve("a.copy").toString();
    try (CopyWriter writer = CopyWriter.open(uri, HADOOP, 2)) {
      writer.add("zoë", 1, new float[] {1.5f, -2});
      writer.commit();
    }
    assertThat(hex(uri))
        .isEqualTo(HEAD + "0003" + "000000047a6fc3ab" + "0000000400000001" + VECTOR + "ffff");
  }

  @Test
  void shouldRefuseWhatPgvectorCannotHold() {
    assertThatThrownBy(() -> CopyWriter.open(folder.resolve("a").toString(), HADOOP, 16_001))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Vectors of dimension 16001 do not fit pgvector's type (expected at most 16000)");
  }

  @Test
  void shouldRefuseAnIdThatPostgresCannotHold() throws IOException {
    try (CopyWriter writer = CopyWriter.open(folder.resolve("a").toString(), HADOOP, 1)) {
      assertThatThrownBy(() -> writer.add("a\0b", 1, new float[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Id 'a\0b' has a NUL character (expected none");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void shouldLeaveNothingWithoutCommit() throws IOException {
    try (CopyWriter writer = CopyWriter.open(folder.resolve("a").toString(), HADOOP, 1)) {
      assertThatThrownBy(() -> writer.add(1, 1, new float[2]))
          .hasMessage("A row has dimension 2 (expected 1)");
    }
    assertThat(folder).isEmptyDirectory();
  }

  private static String hex(String uri) throws IOException {
    return HexFormat.of().formatHex(Files.readAllBytes(Path.of(uri)));
  }
}
