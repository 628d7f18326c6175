package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.IdType;
import io.flashlloyd.io.Ids;
import io.flashlloyd.io.output.AssignmentWriter;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the attempts' files become the assignments. */
class RowAssignmentTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir private Path place;

  @Test
  void shouldKeepWhatResultsNameWhateverLateAttemptsDo() throws IOException {
    try (RunFolder folder = RunFolder.create(place.resolve("run").toString(), false, HADOOP);
        AssignmentWriter late = write(folder, "part-000000-7.parquet")) {
      write(folder, "part-000000-5.parquet").commit();
      write(folder, "part-000000-6.parquet").commit();
      write(folder, "part-000001-1.parquet").commit();

      folder.keep(RowAssignment.FOLDER, List.of("part-000000-5.parquet", "part-000001-1.parquet"));
      // It is at the end of its file, and its driver has gone on.
      assertThatThrownBy(late::commit).isInstanceOf(IOException.class);
      folder.commit();
    }

    assertThat(place.resolve("run/assignments").toFile().list((f, name) -> !name.endsWith(".crc")))
        .containsExactlyInAnyOrder("part-000000-5.parquet", "part-000001-1.parquet");
    assertThat(place.resolve("run").toFile().list())
        .containsExactlyInAnyOrder("_committed", "assignments");
  }

  @Test
  void shouldMissAFileThatAResultNames() throws IOException {
    try (RunFolder folder = RunFolder.create(place.resolve("run").toString(), false, HADOOP)) {
      write(folder, "part-000000-5.parquet").commit();

      assertThatThrownBy(
              () ->
                  folder.keep(
                      RowAssignment.FOLDER,
                      List.of("part-000000-5.parquet", "part-000001-1.parquet")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("1 of 2 files are not in ")
          .hasMessageContaining("part-000001-1.parquet");
    }
  }

  /** A row in a file where attempts write. */
  private static AssignmentWriter write(RunFolder folder, String name) throws IOException {
    AssignmentWriter writer =
        AssignmentWriter.open(
            new org.apache.hadoop.fs.Path(folder.attempts(RowAssignment.FOLDER), name).toString(),
            HADOOP,
            IdType.ROW_NUMBER);
    writer.write(Ids.rowNumbers(0, 1), IntBuffer.wrap(new int[1]), FloatBuffer.wrap(new float[1]));
    return writer;
  }
}
