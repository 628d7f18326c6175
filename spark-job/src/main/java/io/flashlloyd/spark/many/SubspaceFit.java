package io.flashlloyd.spark.many;

import io.flashlloyd.spark.data.DataFrameSource;
import io.flashlloyd.spark.data.Slice;
import io.flashlloyd.spark.data.VectorColumns;
import io.flashlloyd.spark.data.VectorData;
import io.flashlloyd.spark.executor.EngineSettings;
import io.flashlloyd.spark.fit.KMeansConfig;
import io.flashlloyd.spark.report.Progress;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;

/**
 * One fit for each slice of the vectors, one after the other: executors hold one slice of the data
 * at a time.
 *
 * @param columns that make the vectors, whole
 * @param subspaces number of slices
 * @param dimension of the whole vectors, a multiple of {@code subspaces}
 */
public record SubspaceFit(
    VectorColumns columns,
    int subspaces,
    int dimension,
    KMeansConfig config,
    EngineSettings engine) {
  /** The slices' fits, in their order; members are their numbers from 0. */
  public List<MemberFit> run(Dataset<?> data, Progress progress) {
    JavaSparkContext spark = new JavaSparkContext(data.sparkSession().sparkContext());
    List<MemberFit> fits = new ArrayList<>();
    for (int subspace = 0; subspace < subspaces; subspace++) {
      progress.message("subspace %d of %d".formatted(subspace + 1, subspaces));
      VectorColumns slice = columns.sliced(Slice.of(subspace, subspaces, dimension));
      try (VectorData rows =
          VectorData.open(spark, new DataFrameSource(data, slice), engine, 0, progress)) {
        fits.add(MemberFit.of(Integer.toString(subspace), rows, config, engine, progress));
      }
    }
    return fits;
  }
}
