//! The command line: build, publish, catalogue, agent.
