package io.flashlloyd.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommittedFolderTest {
  @TempDir private java.nio.file.Path folder;
  private java.nio.file.Path home;

  /** Lists as Hadoop does a folder that it may not read any more when it comes to it. */
  private static final class Denying extends RawLocalFileSystem {
    private final boolean goes;

    Denying(boolean goes) throws IOException {
      this.goes = goes;
      initialize(URI.create("file:///"), new Configuration(false));
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
      if (goes) {
        delete(path, true);
      }
      throw new AccessDeniedException(path.toString(), null, "Permission denied");
    }
  }

  @BeforeEach
  void makeRunWithAHome() throws IOException {
    home = Files.createDirectory(folder.resolve(CommittedFolder.HOME + "0123456789ab"));
    Files.write(folder.resolve("_committed"), List.of("0123456789ab", "report.json"));
  }

  @Test
  void shouldTakeAHomeThatGoesWhileItIsListedForNone() throws IOException {
    CommittedFolder opened = CommittedFolder.open(new Denying(true), new Path(folder.toString()));

    assertThat(opened.run()).contains("0123456789ab");
    assertThat(home).doesNotExist();
  }

  @Test
  void shouldSayThatAFolderMayNotBeReadWhereItStays() throws IOException {
    Path there = new Path(home.toString());
    try (Denying files = new Denying(false)) {
      assertThatThrownBy(() -> CommittedFolder.below(files, there))
          .isInstanceOf(AccessDeniedException.class);
    }
    try (Denying files = new Denying(true)) {
      assertThatThrownBy(() -> CommittedFolder.below(files, there))
          .isInstanceOf(FileNotFoundException.class)
          .hasMessageContaining("has gone");
    }
  }
}
