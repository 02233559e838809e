export { type PythonEnv, pythonEnv, type PythonEnvOptions } from "../../tools/workspace/pythonEnv";
