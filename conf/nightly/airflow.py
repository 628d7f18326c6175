"""Airflow 2.4 or newer with apache-airflow-providers-apache-spark; the connection `spark` names the cluster.

`flashlloyd drift` as a task of its own would fail where it ends with 3 (drifted); reindex decides by itself and ends with 0.
"""

import pendulum
from airflow import DAG
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

RUNS = "s3a://bucket/runs"

with DAG("flashlloyd", schedule="15 2 * * *", start_date=pendulum.datetime(2026, 1, 1), catchup=False, max_active_runs=1):
    SparkSubmitOperator(
        task_id="reindex",
        conn_id="spark",
        application="/opt/flashlloyd/flashlloyd-spark.jar",
        java_class="io.flashlloyd.spark.cli.Main",
        executor_cores=8,
        conf={"spark.executor.memoryOverhead": "40g"},
        application_args=[
            "reindex",
            "--previous", RUNS + "/*",  # the run that ended last: a night that failed left none
            # "Last" is by report.json's time: clearing or backfilling an old night would take a later run; name the night before it.
            "--input", "s3a://bucket/vectors/*.parquet",
            "--id-column", "doc",
            "--output", RUNS + "/{{ ds }}",
            "--overwrite",  # a retried task replaces what an earlier try has written
        ],
    )
