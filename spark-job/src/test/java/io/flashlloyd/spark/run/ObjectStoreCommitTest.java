package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commit where renames are copies: the local disk under the scheme of an object store. */
class ObjectStoreCommitTest {
  @TempDir private java.nio.file.Path folder;

  /** Tells what is renamed. */
  public static final class Store extends RawLocalFileSystem {
    private static final List<String> RENAMED = new ArrayList<>();

    @Override
    public URI getUri() {
      return URI.create("gs:///");
    }

    @Override
    public String getScheme() {
      return "gs";
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
      RENAMED.add(from.getName());
      return super.rename(from, to);
    }
  }

  @Test
  void shouldMoveTheReportLast() throws IOException {
    Configuration hadoop = new Configuration();
    hadoop.setClass("fs.gs.impl", Store.class, FileSystem.class);
    String output = "gs:" + folder.resolve("run");
    Store.RENAMED.clear();
    write(output, false, "old", hadoop);
    assertThat(Store.RENAMED).hasSize(4).last().isEqualTo("report.json");

    write(output, true, "new", hadoop);

    assertThat(Store.RENAMED).last().isEqualTo("report.json");
    assertThat(folder.resolve("run/report.json")).hasContent("new");
    assertThat(folder.resolve("run/assignments/part")).hasContent("new");
    assertThat(folder.toFile().list()).as("nothing hidden is left").containsExactly("run");
    assertThat(folder.resolve("run").toFile().list()).hasSize(4);
  }

  private static void write(String output, boolean overwrite, String text, Configuration hadoop)
      throws IOException {
    try (RunFolder run = RunFolder.create(output, overwrite, hadoop)) {
      for (String name : List.of("report.json", "assignments/part", "a.npy", "zone")) {
        try (FSDataOutputStream out = run.files().create(run.path(name))) {
          out.write(text.getBytes(StandardCharsets.UTF_8));
        }
      }
      run.commit();
    }
  }
}
