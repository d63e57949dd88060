#!/usr/bin/env bash
# Measures this library beside the bare driver (the limit) and Spring Data Redis (the peer), on a Redis server of its own.
# Each measurement has a JVM of its own; the sides take turns. Prints a table and writes benchmarks/target/results.json.
#   benchmarks/run.sh                    twelve figures, medians of seven rounds; takes some 30 minutes
#   benchmarks/run.sh --quick            the same figures from one short round, within 50 s when everything is compiled
#   benchmarks/run.sh --all              also threads, sizes, many subscriptions and a large backlog
#   benchmarks/run.sh --jmh [ARG]...     JMH instead: the codec and the call of a handler method
#   benchmarks/run.sh --document         put the last results into docs/performance.md and docs/performance.svg
#   --rounds N          how often to measure
#   --only NAME         only that figure, such as consume-json or 'latency*'; may be repeated
#   --java-home DIR     measure on that JDK; workloads with virtual threads find one under /usr/lib/jvm otherwise
#   --jfr DIR           leave a flight recording of each measurement there, and its top frames as text
# Needs JDK 17 or later. Redis is the redis-server on the PATH, else an embedded one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

CLASSPATH_FILE=benchmarks/target/classpath
JAR=benchmarks/target/benchmarks.jar

main() {
	is_built || build
	if [ "${1:-}" = --jmh ]; then
		exec "$(java_command)" -cp "$(classpath)" org.openjdk.jmh.Main "${@:2}"
	fi
	if [ "${1:-}" = --document ]; then
		exec "$(java_command)" -cp "$(classpath)" dev.pubsub.redis.benchmarks.Document
	fi
	exec "$(java_command)" -Xmx256m -XX:+UseSerialGC -cp "$(classpath)" dev.pubsub.redis.benchmarks.Suite "$@"
}

# Whether everything on the class path is there, and newer than its sources.
is_built() {
	[ -f $CLASSPATH_FILE ] && [ -f $JAR ] || return 1
	local jar
	for jar in $(tr : ' ' <$CLASSPATH_FILE); do
		[ -f "$jar" ] || return 1
	done
	[ -z "$(find pom.xml ./*/pom.xml ./*/src/main -newer $CLASSPATH_FILE -print -quit)" ]
}

build() {
	./mvnw -q -B -ntp -Pbenchmarks -pl benchmarks -am -Dmaven.test.skip=true package >&2
	touch $CLASSPATH_FILE
	# Makes the JVMs of --quick start faster; without it they only start slower.
	"$(java_command)" -cp "$(classpath)" dev.pubsub.redis.benchmarks.Suite --archive --rounds 1 >/dev/null 2>&1 || true
}

classpath() {
	echo "$JAR:$(cat $CLASSPATH_FILE)"
}

java_command() {
	if [ -n "${JAVA_HOME:-}" ]; then
		echo "$JAVA_HOME/bin/java"
	else
		command -v java
	fi
}

main "$@"
