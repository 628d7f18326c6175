"""The PySpark wrappers, on a real PySpark and the cluster jar.

Run by PySparkIT, which puts the jar into --jars and --py-files; by hand, from the repository's root:

    jar=$(ls spark-job/target/flashlloyd-spark-*.jar) PYSPARK_SUBMIT_ARGS="--jars $jar --py-files $jar pyspark-shell" \
        python3 spark-job/src/test/python/test_flashlloyd.py
"""

import importlib.util
import math
import os
import tempfile
import unittest

import numpy as np
from pyspark.ml import Pipeline, PipelineModel
from pyspark.ml.clustering import KMeans
from pyspark.ml.functions import array_to_vector
from pyspark.ml.linalg import Vectors
from pyspark.ml.param import Params
from pyspark.sql import SparkSession
from pyspark.sql.functions import array, col, lit, randn, when

ROWS, DIMENSION, K = 300, 6, 4


class WrapperTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.spark = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()
        )
        global flashlloyd
        import flashlloyd  # from the jar, which --py-files brought once there is a session

        seed = int.from_bytes(os.urandom(4), "little")
        print("seed", seed)
        values = [(randn(seed + t) + 9 * (col("id") % K)).cast("float") for t in range(DIMENSION)]
        cls.arrays = (
            cls.spark.range(ROWS)
            .select("id", when(col("id") % 2 == 0, "a").otherwise("b").alias("tenant"), array(*values).alias("features"))
            .cache()
        )
        cls.values = np.array(cls.predictions(cls.arrays, "features"), dtype=np.float32)
        cls.frame = cls.arrays.withColumn("features", array_to_vector("features")).cache()

    @classmethod
    def tearDownClass(cls):
        cls.spark.stop()

    def path(self, name):
        return os.path.join(tempfile.mkdtemp(), name)

    def nearest(self, centers, rows=None):
        rows = self.values if rows is None else rows
        squared = ((rows[:, None, :].astype(float) - np.array(centers)[None]) ** 2).sum(axis=2)
        return squared.argmin(axis=1), squared.min(axis=1).sum()

    @staticmethod
    def predictions(frame, column="prediction"):
        return [row[column] for row in frame.orderBy("id").select(column).collect()]

    def test_comes_from_the_jar_and_is_typed(self):
        self.assertIn(".jar", flashlloyd.__file__)
        marker = importlib.util.find_spec("flashlloyd").loader.get_data(
            os.path.join(os.path.dirname(flashlloyd.__file__), "py.typed")
        )
        self.assertEqual(marker, b"")

    def test_fit_transform_and_summary(self):
        model = flashlloyd.FlashKMeans(k=K, seed=5, tol=0.0).fit(self.frame)

        expected, cost = self.nearest(model.clusterCenters())
        self.assertEqual(self.predictions(model.transform(self.frame)), expected.tolist())
        self.assertEqual(model.predict(Vectors.dense(self.values[7].astype(float))), expected[7])
        self.assertEqual(model.numFeatures, DIMENSION)
        summary = model.summary
        self.assertTrue(math.isclose(summary.trainingCost, cost, rel_tol=1e-9))
        self.assertEqual(summary.clusterSizes, np.bincount(expected, minlength=K).tolist())
        self.assertEqual((summary.k, summary.predictionCol), (K, "prediction"))
        self.assertTrue(summary.converged)
        self.assertEqual(len(summary.costHistory), summary.numIter)
        self.assertEqual(summary.predictions.count(), ROWS)
        self.assertEqual(summary.cluster.columns, ["prediction"])

    def test_iterations_as_pandas(self):
        if importlib.util.find_spec("pandas") is None:
            self.skipTest("pandas is not there")
        summary = flashlloyd.FlashKMeans(k=K, seed=5).fit(self.frame).summary

        table = summary.to_pandas()

        self.assertEqual(table["iteration"].tolist(), list(range(1, summary.numIter + 1)))
        self.assertEqual(table["trainingCost"].tolist(), summary.costHistory)
        self.assertEqual(table["movedRows"].iloc[0], ROWS)

    def test_params_are_those_of_mllib(self):
        ours, theirs = flashlloyd.FlashKMeans(), KMeans()
        for param in theirs.params:
            self.assertTrue(ours.hasParam(param.name), param.name)
            if param.name != "seed" and theirs.hasDefault(param):
                self.assertEqual(
                    ours.getOrDefault(param.name), theirs.getOrDefault(param), param.name
                )
        self.assertEqual(ours.getSeed(), flashlloyd.FlashKMeans().getSeed())
        chained = ours.setK(9).setSeed(3).setMaxIter(2).setTol(0.5).setEngine("cpu").setVerbose(True)
        self.assertIs(chained, ours)
        self.assertEqual((ours.getK(), ours.getSeed(), ours.getEngine()), (9, 3, "cpu"))
        copy = ours.copy({ours.k: 7})
        self.assertEqual((copy.getK(), ours.getK(), copy.uid), (7, 9, ours.uid))
        self.assertIsInstance(copy, Params)
        with self.assertRaisesRegex(Exception, "k given invalid value 1"):
            flashlloyd.FlashKMeans(k=1).fit(self.frame)

    def test_arrays_cluster_as_vectors(self):
        centers = [
            flashlloyd.FlashKMeans(k=K, seed=2).fit(frame).clusterCenters()
            for frame in (self.frame, self.arrays, self.arrays.repartition(7))
        ]
        np.testing.assert_array_equal(centers[0], centers[1])
        np.testing.assert_array_equal(centers[0], centers[2])

    def test_starts_from_another_model(self):
        first = flashlloyd.FlashKMeans(k=K, seed=5, maxIter=2).fit(self.frame)

        warm = flashlloyd.FlashKMeans(maxIter=0).setInitialModel(first)
        given = flashlloyd.FlashKMeans(maxIter=0).setInitialCentroids(first.clusterCenters())

        self.assertEqual((warm.getK(), given.getK()), (K, K))
        for kmeans in (warm, given, warm.copy()):
            centers = kmeans.fit(self.frame).clusterCenters()
            np.testing.assert_array_equal(centers, first.clusterCenters())

    def test_comes_back_from_disk(self):
        kmeans = flashlloyd.FlashKMeans(k=K, seed=5, predictionCol="cell")
        kmeans.save(self.path("estimator"))
        path = self.path("estimator")
        kmeans.write().overwrite().save(path)
        loaded = flashlloyd.FlashKMeans.load(path)
        self.assertEqual((loaded.uid, loaded.getK(), loaded.getSeed()), (kmeans.uid, K, 5))

        model = kmeans.fit(self.frame)
        path = self.path("model")
        model.save(path)
        again = flashlloyd.FlashKMeansModel.load(path)
        np.testing.assert_array_equal(again.clusterCenters(), model.clusterCenters())
        self.assertEqual(again.getPredictionCol(), "cell")
        self.assertFalse(again.hasSummary)
        self.assertTrue(model.hasSummary)

    def test_in_a_pipeline(self):
        kmeans = flashlloyd.FlashKMeans(k=K, seed=5)
        fitted = Pipeline(stages=[kmeans]).fit(self.frame)
        path = self.path("pipeline")
        fitted.save(path)
        loaded = PipelineModel.load(path)

        self.assertIsInstance(loaded.stages[0], flashlloyd.FlashKMeansModel)
        self.assertEqual(
            self.predictions(loaded.transform(self.frame)),
            self.predictions(fitted.transform(self.frame)),
        )
        path = self.path("unfitted")
        Pipeline(stages=[kmeans]).save(path)
        self.assertEqual(Pipeline.load(path).getStages()[0].getK(), K)

    def test_groups(self):
        groups = flashlloyd.FlashKMeansGroups(groupCol="tenant", k=3, seed=1)
        model = groups.fit(self.frame)

        self.assertEqual(model.groups, ["a", "b"])
        alone = flashlloyd.FlashKMeans(k=3, seed=1).fit(self.frame.filter("tenant = 'b'"))
        np.testing.assert_array_equal(model.model("b").clusterCenters(), alone.clusterCenters())
        predicted = self.predictions(model.transform(self.frame))
        expected, _ = self.nearest(alone.clusterCenters(), self.values[1::2])
        self.assertEqual(predicted[1::2], expected.tolist())
        self.assertEqual(model.predict("b", Vectors.dense(self.values[1].astype(float))), expected[0])
        self.assertEqual([row["rows"] for row in model.summary.collect()], [150, 150])
        path = self.path("groups")
        model.save(path)
        loaded = flashlloyd.FlashKMeansGroupModel.load(path).setHandleInvalid("keep")
        self.assertEqual(loaded.groups, model.groups)
        unknown = self.frame.withColumn("tenant", when(col("id") < 2, lit("c")).otherwise(col("tenant")))
        self.assertEqual(self.predictions(loaded.transform(unknown))[:2], [None, None])

    def test_product_quantizer(self):
        model = flashlloyd.FlashProductQuantizer(subspaces=3, k=16, seed=1).fit(self.frame)

        codes = model.transform(self.frame)
        packed = self.predictions(codes, "codes")
        near = np.array(self.predictions(model.reconstruct(codes, "near"), "near"))
        for m in range(3):
            book = np.array(model.codebook(m).clusterCenters())
            slices = self.values[:, 2 * m : 2 * m + 2]
            expected, cost = self.nearest(book, slices)
            self.assertEqual([code[m] for code in packed], expected.tolist())
            np.testing.assert_array_equal(near[:, 2 * m : 2 * m + 2], book[expected])
            row = model.summary.collect()[m]
            self.assertTrue(math.isclose(row["trainingCost"], cost, rel_tol=1e-9))
        path = self.path("quantizer")
        model.save(path)
        loaded = flashlloyd.FlashProductQuantizerModel.load(path)
        self.assertEqual(self.predictions(loaded.transform(self.frame), "codes"), packed)


if __name__ == "__main__":
    unittest.main()
