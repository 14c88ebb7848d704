import { toLogs, toTraces } from './links.ts';

export const errorLines = '{service_name=~"verifeed-.+", level="error"}';
export const workerErrorLines = '{service_name="verifeed-worker", level=~"error|warn"}';
export const failedRequests = '{ resource.service.name = "verifeed-server" && status = error }';
export const slowRequests = '{ resource.service.name = "verifeed-server" && duration > 250ms }';
export const slowJobs = '{ resource.service.name = "verifeed-worker" && duration > 5s }';
export const failedJobs = '{ resource.service.name = "verifeed-worker" && status = error }';

export const toErrorLines = toLogs('Error lines', errorLines);
export const toWorkerLines = toLogs("The workers' errors", workerErrorLines);
export const toFailedRequests = toTraces('Requests that failed', failedRequests);
export const toSlowRequests = toTraces('Slow requests', slowRequests);
export const toSlowJobs = toTraces('Slow jobs', slowJobs);
export const toFailedJobs = toTraces('Jobs that failed', failedJobs);
