#!/bin/sh
# 20 concurrent runs and 100 live readers for 120 seconds (or as long as the first argument says); prints the figures.
# The test that does so for 30 s in CI says what is checked: tests/Service.Tests/Process/LoadTests.cs.
set -eu
cd "$(dirname "$0")/.."
ACTORTRACE_LOAD_SECONDS="${1:-120}" dotnet test tests/Service.Tests -c Release --filter FullyQualifiedName~LoadTests --logger "console;verbosity=detailed"
