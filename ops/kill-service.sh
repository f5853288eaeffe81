#!/bin/sh
# Kills the service 200 times (or as often as the first argument says) while it simulates, and looks for what was lost.
# The test that does so 20 times in CI says what is checked: tests/Service.Tests/Process/KillTests.cs.
set -eu
cd "$(dirname "$0")/.."
ACTORTRACE_KILLS="${1:-200}" dotnet test tests/Service.Tests -c Release --filter FullyQualifiedName~KillTests --logger "console;verbosity=detailed"
