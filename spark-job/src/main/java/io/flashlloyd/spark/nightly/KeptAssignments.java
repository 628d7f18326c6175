package io.flashlloyd.spark.nightly;

import io.flashlloyd.spark.run.RowAssignment;
import io.flashlloyd.spark.run.RunFolder;
import io.flashlloyd.spark.run.StoredRun;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/** The previous run's assignments in the folder of the next, byte for byte. */
final class KeptAssignments {
  private KeptAssignments() {}

  /** Copies every file, by tasks, beside its place and then there: an attempt may be the second. */
  static void copy(JavaSparkContext spark, StoredRun previous, RunFolder folder)
      throws IOException {
    List<String> files = previous.assignmentFiles();
    String target = folder.path(RowAssignment.FOLDER).toString();
    SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
    List<Integer> all = IntStream.range(0, files.size()).boxed().toList();
    spark
        .parallelize(all, files.size())
        .foreach(file -> copy(files.get(file), target, file, hadoop.value()));
  }

  private static void copy(String file, String folder, int number, Configuration hadoop)
      throws IOException {
    Path source = new Path(file);
    // No part-NNNNNN: files of that name are cut as the run's own input is.
    String name = String.format(Locale.ROOT, "kept-%06d.parquet", number);
    Path target = new Path(folder, name);
    Path beside = new Path(folder, "." + name + "." + TaskContext.get().taskAttemptId());
    FileSystem files = beside.getFileSystem(hadoop);
    FileUtil.copy(source.getFileSystem(hadoop), source, files, beside, false, true, hadoop);
    if (!files.rename(beside, target) && !files.exists(target)) {
      throw new IOException("Renaming %s to %s failed".formatted(beside, target));
    }
  }
}
