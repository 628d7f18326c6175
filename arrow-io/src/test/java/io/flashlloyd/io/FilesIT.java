package io.flashlloyd.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flashlloyd.io.output.AssignmentWriter;
import io.flashlloyd.io.output.CentroidFiles;
import io.flashlloyd.io.source.SourceType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Reading, writing, renaming and permissions on a real HDFS, one name node and two data nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilesIT {
  private MiniDFSCluster cluster;
  private Configuration hadoop;

  @BeforeAll
  void start(
      @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER) java.nio.file.Path folder)
      throws IOException {
    hadoop = new Configuration();
    hadoop.set("hdfs.minidfs.basedir", folder.toString());
    // Small HDFS blocks, so that splits start and end in the middle of them.
    hadoop.setLong("dfs.namenode.fs-limits.min-block-size", 4096);
    hadoop.setLong("dfs.blocksize", 65_536);
    cluster = new MiniDFSCluster.Builder(hadoop).numDataNodes(2).build();
  }

  @AfterAll
  void stop() {
    if (cluster != null) {
      cluster.shutdown();
    }
  }

  @Test
  void shouldRoundTripOnHdfs() throws Exception {
    RemoteRoundTrip.check(cluster.getURI() + "/round", hadoop);
  }

  @Test
  void shouldCommitAssignmentsByRename() throws Exception {
    String uri = cluster.getURI() + "/assignments/part-0.parquet";
    FileSystem fs = cluster.getFileSystem();
    for (int attempt = 0; attempt < 2; attempt++) {
      try (AssignmentWriter writer = AssignmentWriter.open(uri, hadoop, IdType.ROW_NUMBER)) {
        writer.write(
            Ids.rowNumbers(40, 2),
            IntBuffer.wrap(new int[] {7, 8}),
            FloatBuffer.wrap(new float[2]));
        writer.commit();
      }
    }
    try (AssignmentWriter writer =
        AssignmentWriter.open(cluster.getURI() + "/assignments/lost", hadoop, IdType.INT32)) {
      assertThat(writer).isNotNull();
    }
    assertThat(fs.listStatus(new Path("/assignments")))
        .extracting(status -> status.getPath().getName())
        .containsExactly("part-0.parquet");
  }

  @Test
  void shouldSayWhenPermissionIsMissing() throws Exception {
    FileSystem fs = cluster.getFileSystem();
    String file = cluster.getURI() + "/secret/a.npy";
    CentroidFiles.write(VectorFormat.NPY, file, new float[] {1, 2}, 1, 2, hadoop);
    String folder = cluster.getURI() + "/closed";
    fs.mkdirs(new Path(folder));
    fs.setPermission(new Path(file), new FsPermission((short) 0600));
    fs.setPermission(new Path(folder), new FsPermission((short) 0700));
    for (String uri : List.of(file, folder, folder + "/b.npy")) {
      UserGroupInformation.createRemoteUser("stranger")
          .doAs(
              (java.security.PrivilegedExceptionAction<Void>)
                  () -> {
                    assertThatThrownBy(() -> VectorDataset.open(InputSpec.of(uri), hadoop))
                        .isInstanceOf(VectorInputException.class)
                        .hasMessageContaining(uri + ": permission denied; give this user read");
                    return null;
                  });
    }
  }

  /** What has to work on any file system. */
  static final class RemoteRoundTrip {
    private RemoteRoundTrip() {}

    static void check(String folder, Configuration hadoop) throws Exception {
      long seed = 20;
      Random random = new Random(seed);
      int k = 2000;
      int dimension = 33;
      float[] values = Vectors.random(random, k * dimension);
      for (VectorFormat format :
          List.of(VectorFormat.NPY, VectorFormat.FVECS, VectorFormat.FBIN, VectorFormat.PARQUET)) {
        String uri = folder + "/" + format.optionName() + "/c." + format.optionName();
        CentroidFiles.write(format, uri, values, k, dimension, hadoop);
        CentroidFiles.write(format, uri, values, k, dimension, hadoop);
        check(uri, values, hadoop);
        Vectors.assertSameBits(CentroidFiles.read(uri, hadoop).values(), values, uri);
        check(folder + "/" + format.optionName(), values, hadoop);
        check(folder + "/" + format.optionName() + "/*." + format.optionName(), values, hadoop);
      }
      Path remote = new Path(folder + "/arrow/list.feather");
      try (OutputStream out = remote.getFileSystem(hadoop).create(remote)) {
        Files.copy(java.nio.file.Path.of("src/test/resources/interop/list_f8_lz4.feather"), out);
      }
      InputSpec spec = new InputSpec(List.of(remote.toString()), null, "vector", "name", 5000);
      VectorDataset dataset = VectorDataset.open(spec, hadoop);
      assertThat(dataset.splits().get(0).source()).isEqualTo(SourceType.FLOAT64);
      assertThat(Vectors.read(dataset, hadoop)[1]).isEqualTo(-25 / 8f);
      assertThat(Vectors.ids(dataset, hadoop).text(899)).isEqualTo("row-899");
      assertThatThrownBy(() -> VectorDataset.open(InputSpec.of(folder + "/none"), hadoop))
          .isInstanceOf(VectorInputException.class)
          .hasMessageContaining(folder + "/none: does not exist");
    }

    private static void check(String uri, float[] values, Configuration hadoop) throws Exception {
      InputSpec spec = new InputSpec(List.of(uri), null, null, null, 50_000);
      VectorDataset dataset = VectorDataset.open(spec, hadoop);
      Vectors.assertSameBits(Vectors.read(dataset, hadoop), values, uri + ", seed 20");
    }
  }
}
