package io.flashlloyd.spark.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.engine.Centroids;
import io.flashlloyd.io.CommittedFolder;
import io.flashlloyd.io.S3Server;
import io.flashlloyd.spark.FlashKMeansModel;
import io.flashlloyd.spark.LocalSpark;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models on S3 of which this user may not read all, as S3A and Spark see that. */
class DeniedModelIT {
  private static final Centroids CENTROIDS = new Centroids(new float[] {1, 2, 3, 4}, 2, 2);

  @TempDir private java.nio.file.Path folder;

  @Test
  void shouldReadWhatItMayAndSayWhatItMayNot() throws Exception {
    Configuration hadoop = LocalSpark.session().sparkContext().hadoopConfiguration();
    try (S3Server server = S3Server.start(folder)) {
      server.settings().forEach(hadoop::set);
      try {
        check(server, hadoop);
      } finally {
        server.settings().keySet().forEach(hadoop::unset);
      }
    }
  }

  private void check(S3Server server, Configuration hadoop) throws Exception {
    String run = server.uri() + "/run";
    write(run, hadoop);
    assertThat(load(run)).isEqualTo(CENTROIDS.values());

    Path committed = new Path(run, CommittedFolder.NAME);
    try (OutputStream out = committed.getFileSystem(hadoop).create(committed)) {
      out.write('?');
    }
    assertThatThrownBy(() -> load(run)).hasMessageContaining("_committed names no run");
    server.deny("run/" + CommittedFolder.NAME);
    assertThat(load(run)).as("who may not look at it").isEqualTo(CENTROIDS.values());
    committed
        .getFileSystem(hadoop)
        .delete(committed, false); // the next denial takes this one's place
    server.deny("run/model/data/*");
    assertThatThrownBy(() -> load(run))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("Model " + run + "/model may not be read (")
        .hasMessageContaining("Status Code: 403")
        .hasMessageEndingWith("; give this user read access");
  }

  private void write(String run, Configuration hadoop) throws IOException {
    java.nio.file.Path model = folder.resolve("model");
    new FlashKMeansModel("model", CENTROIDS).write().save(model.toString());
    Path local = new Path(model.toUri());
    Path place = new Path(run, "model");
    FileUtil.copy(
        local.getFileSystem(hadoop), local, place.getFileSystem(hadoop), place, false, hadoop);
  }

  private static float[] load(String run) throws IOException {
    return ModelFolder.load(run + "/model", LocalSpark.session()).centroids().values();
  }
}
